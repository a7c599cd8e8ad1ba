#!/usr/bin/env bash
# pydantic 2.14.4: of a tuple with a wrong item the length is called too short as well, counted without that item; of a list it is not.
#
# tuple[X, ...] and list[X], each of exactly three numbers above 0, are given three numbers of which one is 0. Both say that it is not
# above 0. The tuple adds "too_short" with actual_length 2, although three were given; whoever reports all errors tells the
# author of three numbers to give three.
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cat > "$place/length.py" <<'PYTHON'
import sys
from typing import Annotated

import pydantic
from pydantic import Field, TypeAdapter, ValidationError

Above = Annotated[float, Field(gt=0)]
THREE = Field(min_length=3, max_length=3)


def errors(kind):
    try:
        TypeAdapter(Annotated[kind, THREE]).validate_python([1.0, 0.0, 1.0])
    except ValidationError as error:
        return [(one["type"], one["loc"], one["ctx"].get("actual_length")) for one in error.errors()]
    return []


of_tuple, of_list = errors(tuple[Above, ...]), errors(list[Above])
print(f"pydantic {pydantic.VERSION}: tuple {of_tuple}; list {of_list}")
is_as_stated = of_list == [("greater_than", (1,), None)] and of_tuple == [*of_list, ("too_short", (), 2)]
sys.exit(0 if is_as_stated else 1)
PYTHON
"${PYTHON:-python3}" -m venv "$place/env"
"$place/env/bin/python" -m pip install --quiet --disable-pip-version-check "pydantic==2.14.4" 2>&1 | grep -v WARNING || true
"$place/env/bin/python" "$place/length.py"

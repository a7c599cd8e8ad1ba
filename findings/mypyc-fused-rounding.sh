#!/usr/bin/env bash
# mypyc (of mypy 2.4.1): compiled arithmetic on floats may round once where Python rounds twice, so results differ in the last bits.
#
# mypyc turns `a * b + c` on values typed as float into one C expression. GCC contracts such an expression to a fused multiply-add
# by default (-ffp-contract=fast) where the machine that is compiled for has one: on 64-bit ARM always, on x86-64 where CFLAGS ask
# for it, as many distributions and clusters do. mypyc's own flags leave that as it is, and its list of differences from Python
# says nothing of it. With -ffp-contract=off both give the same. The example: 0.1 * 10.0 - 1.0, which is 0.0 in Python.
set -euo pipefail
if ! { grep -qw fma /proc/cpuinfo || [ "$(uname -m)" = aarch64 ]; }; then
  echo "this processor has no fused multiply-add, so nothing can be seen on it" >&2
  exit 2
fi
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
"${PYTHON:-python3}" -m venv "$place/venv"
"$place/venv/bin/python" -m pip install --quiet --disable-pip-version-check mypy==2.4.1 setuptools==80.9.0 2>&1 | grep -v WARNING || true
cat > "$place/line.py" <<'PYTHON'
def line(slope: float, x: float, start: float) -> float:
    return slope * x + start
PYTHON
machine=""
[ "$(uname -m)" = aarch64 ] || machine="-mfma"
said() {
  rm -rf "$place/build" "$place"/line.*.so
  (cd "$place" && CFLAGS="$1" venv/bin/mypyc line.py >"$place/log" 2>&1) || { tail -n 5 "$place/log" >&2; exit 3; }
  (cd "$place" && venv/bin/python -c "import line; assert line.__file__.endswith('.so'); print(line.line(0.1, 10.0, -1.0))")
}
pure=$(cd "$place" && venv/bin/python -c "import line; assert line.__file__.endswith('.py'); print(line.line(0.1, 10.0, -1.0))")
fused=$(said "$machine")
apart=$(said "$machine -ffp-contract=off")
echo "0.1 * 10.0 - 1.0: Python $pure, compiled $fused, compiled with -ffp-contract=off $apart"
[ "$pure" = 0.0 ] && [ "$apart" = 0.0 ] && [ "$fused" != 0.0 ]

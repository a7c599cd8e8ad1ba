"""What a search that is stopped says of what is kept: the same command goes on, and `sim resume` is for runs."""

import sys

import pytest

import sim
from sim.cli.main import main
from tests.small import SMALL_YAML


def stopped(*_, **__):
    raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["-o", "out"], "sim: interrupted; the worlds seen so far are kept in out. Run the same command again to continue.\n"),
        ([], "sim: interrupted; nothing was kept, as no folder was given. Use -o DIR to keep the worlds seen so far.\n"),
    ],
)
@pytest.mark.parametrize("command", ["ensemble", "survey"])
def test_a_search_that_is_stopped_names_the_same_command(command, more, said, monkeypatch, tmp_path, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "small.yaml").write_text(SMALL_YAML)
    monkeypatch.setattr(sim, command, stopped)
    monkeypatch.setattr(sys, "argv", ["sim", command, *(["small.yaml"] if command == "ensemble" else []), *more])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 130
    assert capsys.readouterr().err == said

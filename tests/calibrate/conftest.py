import pytest


@pytest.fixture
def written(tmp_path):
    def write(content, name="leads.csv", encoding="utf-8"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return write

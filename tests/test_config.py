"""Settings: typed, checked, unknown ones refused, and described in docs/settings.md."""

import os
import re
import stat
import subprocess
import sys
from dataclasses import fields
from pathlib import Path
from typing import Any, get_type_hints

import pytest

from innocap_lms.config import Settings, SettingsError, load_settings, make_secret_key, secret_key

ROOT = Path(__file__).parents[1]
KINDS: dict[Any, str] = {
    bool: "`on` or `off`",
    int: "a whole number",
    str: "a text",
    Path: "a folder",
    Path | None: "a folder",
}


def refused(**environ: str) -> str:
    with pytest.raises(SettingsError) as caught:
        load_settings(environ)
    return str(caught.value)


def test_without_any_setting_the_site_starts():
    assert load_settings({"PATH": "/usr/bin"}) == Settings()


def test_each_kind_is_read():
    settings = load_settings(
        {
            "INNOCAP_RELAY": "OFF",
            "INNOCAP_STRICT_PLUGINS": "yes",
            "INNOCAP_POOL_SIZE": " 3 ",
            "INNOCAP_DATA_DIR": "~/data",
            "INNOCAP_SITE_NAME": "Lärande",
            "INNOCAP_PLUGIN_DIRS": f"{ROOT}:{ROOT / 'plugins'}",
        }
    )
    assert (settings.relay, settings.strict_plugins, settings.pool_size) == (False, True, 3)
    assert settings.data_dir == Path("~/data").expanduser()
    assert settings.plugin_dirs == (ROOT, ROOT / "plugins")
    assert settings.site_name == "Lärande"


def test_a_setting_that_is_empty_is_not_set():
    """Else an empty data folder would be whatever folder the command is called in."""
    names = [f"INNOCAP_{item.name.upper()}" for item in fields(Settings)]
    assert load_settings(dict.fromkeys(names, " ")) == Settings()


def test_a_sender_may_have_a_name_and_a_host_a_port():
    load_settings({"INNOCAP_MAIL_FROM": "Lärande i Nordvik <larande@nordvik.example>"})
    load_settings({"INNOCAP_VERIFY_HOSTS": "localhost:8443 issuer.example"})


def test_an_unknown_name_is_refused_and_the_nearest_is_named():
    said = refused(INNOCAP_DATADIR="/srv")
    assert "INNOCAP_DATADIR is not a setting" in said
    assert "INNOCAP_DATA_DIR" in said
    assert "did you mean" not in refused(INNOCAP_XYZZY="1")


def test_what_the_checks_read_is_no_setting_of_the_site():
    load_settings({"INNOCAP_TEST_DATABASE": "postgres", "INNOCAP_CORPORA": "/srv/courses"})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("RELAY", "perhaps"),
        ("POOL_SIZE", "many"), ("POOL_SIZE", "0"), ("POOL_SIZE", "-1"), ("POOL_SIZE", "1.5"),
        ("SESSION_HOURS", "0"), ("SIGN_IN_PER_ACCOUNT", "0"), ("SIGN_IN_PER_ADDRESS", "0"),
        ("PASSWORD_MEMORY_KIB", "1"),
        ("PUBLIC_URL", "lms.example.org"), ("PUBLIC_URL", "ftp://lms.example.org"),
        ("PUBLIC_URL", "https://name:port"), ("PUBLIC_URL", "https://name.example/lms"),
        ("DATABASE_URL", "mysql://u:hemlig@host/name"), ("DATABASE_URL", "postgresql:"),
        ("SMTP_URL", "host:25"), ("SMTP_URL", "smtp://"), ("SMTP_URL", "smtp://u:hemlig@h:99999"),
        ("PUBLIC_URL", "https://me:hemlig@name.example"), ("PUBLIC_URL", "https://name.example?a=b"),
        ("MAIL_FROM", "nobody"), ("CONTACT", "växeln"),
        ("CONTENT_REPO", __file__), ("TRUSTED_ISSUERS", "/nowhere/at/all"),
        ("VERIFY_HOSTS", "name.example https://other.example"), ("LEAVER_DAYS", "9999999999"),
        ("TIMEZONE", "Europe/Umeå"),
        ("PLUGIN_DIRS", "/nowhere/at/all"),
        ("SITE_NAME", "Two\nlines"), ("MAIL_FROM", "a@b.example\r\nBcc: all@b.example"),
    ],
)  # fmt: skip
def test_a_value_that_cannot_be_used_is_refused_by_its_name(name: str, value: str):
    said = refused(**{f"INNOCAP_{name}": value})
    assert f"INNOCAP_{name}" in said
    assert "hemlig" not in said, "a password is never printed"


def test_a_postgresql_address_may_be_a_socket():
    load_settings({"INNOCAP_DATABASE_URL": "postgresql:///innocap?host=/run/postgresql"})
    load_settings({"INNOCAP_DATABASE_URL": "postgres://u:p@[::1]:5433/innocap"})


def test_a_secret_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path):
    settings = Settings(data_dir=tmp_path / "new")
    with pytest.raises(SettingsError, match="there is no secret key"):
        secret_key(settings)
    make_secret_key(settings)
    key = secret_key(settings)
    make_secret_key(settings)
    assert secret_key(settings) == key
    assert len(key) >= 64
    assert stat.S_IMODE((tmp_path / "new" / "secret-key").stat().st_mode) == 0o600


def test_a_secret_key_that_is_set_is_not_written(tmp_path: Path):
    settings = Settings(data_dir=tmp_path, secret_key="k" * 32)
    make_secret_key(settings)
    assert secret_key(settings) == "k" * 32
    assert list(tmp_path.iterdir()) == []


def test_a_short_secret_key_is_refused_without_showing_it(tmp_path: Path):
    with pytest.raises(SettingsError, match="at least 32") as caught:
        secret_key(Settings(secret_key="hemlig"))
    assert "hemlig" not in str(caught.value)
    (tmp_path / "secret-key").write_text("")
    with pytest.raises(SettingsError, match="secret-key: a secret key has at least"):
        secret_key(Settings(data_dir=tmp_path))


@pytest.mark.parametrize("place", ["file", "file/below", "/proc/nothing"])
def test_a_data_folder_that_cannot_be_written_is_named(tmp_path: Path, place: str):
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match=r"INNOCAP_DATA_DIR=.* cannot be written"):
        make_secret_key(Settings(data_dir=tmp_path / place))


def wsgi(tmp_path: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    own = {name: text for name, text in os.environ.items() if not name.startswith("INNOCAP_")}
    return subprocess.run(
        [sys.executable, "-c", "import wsgi; print(wsgi.app.name)"],
        cwd=ROOT, env={**own, "INNOCAP_DATA_DIR": str(tmp_path / "data"), **environ},
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_under_any_server_the_site_refuses_to_start_without_a_secret_key(tmp_path: Path):
    done = wsgi(tmp_path)
    assert done.returncode != 0
    last = done.stderr.strip().splitlines()[-1]
    assert "there is no secret key: set INNOCAP_SECRET_KEY, or run `innocap-lms db upgrade`" in last
    assert not (tmp_path / "data").exists(), "looking is not writing"


def test_under_any_server_the_site_starts_with_one(tmp_path: Path):
    done = wsgi(tmp_path, INNOCAP_SECRET_KEY="k" * 32)
    assert done.stdout.strip() == "innocap_lms.app"


def table() -> str:
    """The table of docs/settings.md, as the settings are."""
    hints = get_type_hints(Settings)
    lines = ["| variable | what for | value | when not set |", "|---|---|---|---|"]
    for item in fields(Settings):
        kind = KINDS.get(hints[item.name], "folders, parted by `:`")
        help_text = item.metadata["help"].replace("|", "\\|")
        lines.append(
            f"| `INNOCAP_{item.name.upper()}` | {help_text} | {kind} | {_shown(item.default)} |"
        )
    return "\n".join(lines)


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "`on`" if value else "`off`"
    return f"`{value}`" if value not in ("", (), None) else "empty"


def test_the_page_of_settings_is_the_settings():
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    found = re.search(r"^\| variable .*?(?=\n\n|\Z)", page, re.DOTALL | re.MULTILINE)
    assert found is not None
    assert found[0].strip() == table(), f"docs/settings.md should hold this table:\n\n{table()}"

"""Settings come from four places, the last one winning, and templates are checked when they are loaded."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from assistant.errors import SettingsError
from assistant.settings import QUIET, Settings, load, quieten
from assistant.templates import Template


def test_the_command_line_wins_over_the_environment_over_the_file_over_the_defaults(tmp_path: Path) -> None:
    file = tmp_path / "assistant.toml"
    file.write_text('port = 1\nhost = "::1"\nanswer_words = 60\n', "utf-8")
    settings = load({"port": 3, "index": None}, file=file, environment={"ASSISTANT_PORT": "2", "ASSISTANT_HOST": "h"})
    assert (settings.port, settings.host, settings.answer_words) == (3, "h", 60)
    assert settings.index == Settings().index


def test_a_folder_is_a_path_wherever_it_comes_from(tmp_path: Path) -> None:
    assert load(environment={"ASSISTANT_CORPUS": "reports"}, file=tmp_path / "none").corpus == Path("reports")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('colour = "blue"', "Unknown setting 'colour'"),
        ('port = "many"', "is 'many'; a whole number was expected."),
        ("port = ", "not valid TOML"),
        ("[serve]\nport = 1", "Unknown setting 'serve'"),
    ],
)
def test_a_settings_file_that_is_wrong_is_named_with_what_is_wrong(text: str, said: str, tmp_path: Path) -> None:
    file = tmp_path / "assistant.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(SettingsError) as raised:
        load(file=file, environment={})
    assert said in str(raised.value)
    assert str(file) in str(raised.value)


def test_an_unknown_setting_in_the_environment_names_those_that_are_known() -> None:
    with pytest.raises(SettingsError, match=r"'indx' \(environment\).*index"):
        load(environment={"ASSISTANT_INDX": "x"})


def test_quieten_never_overrides_what_the_user_set() -> None:
    environment = {"HF_HUB_OFFLINE": "0"}
    quieten(environment)
    assert environment == {**QUIET, "HF_HUB_OFFLINE": "0"}


def test_a_template_fills_its_fields_and_leaves_braces_in_values_alone(tmp_path: Path) -> None:
    (tmp_path / "refusal.txt").write_text("Searched {searched}, {{not}} more.\n", "utf-8")
    template = Template.load(tmp_path, "refusal.txt", {"searched"})
    assert template.fill(searched="{searched} {x}") == "Searched {searched} {x}, {not} more."


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("\nWe searched {serched}.", "line 2: {serched} is no field; allowed: {searched}"),
        ("We searched {searched.__class__}.", "{searched.__class__} is no field"),
        ("We searched {searched", "line 1: { is no field"),
        ("We searched.", "leaves out {searched}"),
    ],
)
def test_a_template_with_a_wrong_field_is_reported_with_its_line(text: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "refusal.txt").write_text(text, "utf-8")
    with pytest.raises(SettingsError) as raised:
        Template.load(tmp_path, "refusal.txt", {"searched"})
    assert said in str(raised.value)
    assert "refusal.txt" in str(raised.value)


def test_a_template_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"refusal\.txt cannot be read"):
        Template.load(tmp_path, "refusal.txt", {"searched"})


def test_the_templates_that_are_shipped_load() -> None:
    template = Template.load(Settings().prompts, "refusal.txt", {"searched"})
    assert "5 documents" in template.fill(searched="5 documents")


def test_tests_reach_nobody() -> None:
    with socket.socket() as connection, pytest.raises(AssertionError, match=r"203\.0\.113\.1"):
        connection.connect(("203.0.113.1", 80))
    with pytest.raises(AssertionError, match=r"example\.org"):
        socket.create_connection(("example.org", 80))

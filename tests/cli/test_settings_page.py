"""The page of settings is made from the settings themselves: run this file to write it anew."""

from pathlib import Path

from engine.domain.settings import RunSettings

PAGE = Path(__file__).parents[2] / "docs" / "settings.md"

OPENING = """# Settings

Every choice that the method leaves open, with the default of the method. A study lays down its own,
which every run starts from, in the window and on the command line alike:

```
dermconcord settings STUDY.concord                                 # shows them, with what differs
dermconcord settings STUDY.concord --set agreement.kappa_cut=0.5   # lays one down
dermconcord settings STUDY.concord --reset                         # goes back to the defaults
```

Each time it is noted in the study's log. A grader's packet takes the number of regions to outline
along, `agreement.max_outlined_regions`, as it is when the packet is made, and no other setting.
Settings that a newer DermConcord laid down, and this one does not know, are refused: other numbers
than the lead's are never computed.

For one run alone, give a setting on the command line of `agreement`, `explain`, `report`,
`compare`, `sanity` or `export`, `--set agreement.kappa_cut=0.5`, or several in a TOML file,
`--settings FILE.toml`:

```toml
[agreement]
kappa_cut = 0.5

[saliency]
sampler = "literal"
```

What stands on the command line goes before what the file says, and that before what the study lays
down. Unknown names and values that are not allowed are refused. Every run manifest holds all
settings that its run had. The words are explained in [method.md](method.md).
"""


def page():
    """Return the page that the settings of today should have."""
    tables = RunSettings.model_json_schema()["$defs"]
    parts = [OPENING]
    for table, settings in RunSettings.model_fields.items():
        fields = tables[settings.annotation.__name__]["properties"]
        rows = (row(name, field) for name, field in fields.items())
        parts.append(
            f"## [{table}]: {settings.description}\n\n"
            "| name | default | allowed | meaning |\n|---|---|---|---|\n" + "\n".join(rows) + "\n"
        )
    return "\n".join(parts)


def row(name, field):
    """Return the line of one setting."""
    return f"| `{name}` | {shown(field['default'])} | {allowed(field)} | {field['description']} |"


def shown(default):
    """Return a default as a person would write it."""
    if isinstance(default, list):
        return ", ".join(default) or "none"
    return f"`{str(default).lower() if isinstance(default, bool) else default}`"


def allowed(field):
    """Say in words which values a setting takes."""
    if "const" in field:
        return f"`{field['const']}`"
    if "enum" in field:
        return ", ".join(f"`{value}`" for value in field["enum"])
    if field["type"] == "boolean":
        return "`true`, `false`"
    if field["type"] == "array":
        return "names, separated by commas"
    names = {"integer": "whole number", "number": "number", "string": "name"}
    bounds = {
        "minimum": "at least",
        "exclusiveMinimum": "above",
        "maximum": "at most",
        "exclusiveMaximum": "below",
    }
    told = [f"{words} {field[bound]:g}" for bound, words in bounds.items() if bound in field]
    return ", ".join([names[field["type"]], *told])


def test_the_page_of_settings_is_that_of_the_settings():
    assert PAGE.read_text(encoding="utf-8") == page(), (
        "docs/settings.md is out of date; write it anew: python tests/cli/test_settings_page.py"
    )


def test_the_page_names_every_setting_with_its_default():
    text = PAGE.read_text(encoding="utf-8")
    settings = RunSettings().model_dump(mode="json")
    assert len(settings) == text.count("## [")
    for table in settings.values():
        for name, default in table.items():
            assert f"| `{name}` | {shown(default)} |" in text, name


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")

import gzip
import hashlib
import re
from importlib.resources import files

import pytest

from streamer.web.files import static_files

STATIC = files("streamer.web").joinpath("static")
# From the package uplot, its root and its folder dist. To renew: copy the files, and their sums here.
UPLOT = "1.6.32"
VENDORED = {
    "uPlot.iife.min.js": "19c8d4c6ad88929a79f4ae49d6f7161566dfd0ba3d15cc495e974f787eb78f1f",
    "uPlot.min.css": "df630c6a8d6f8eeaff264b50f73ce5b114f646ffd9a0bb74f049b0a00135fa04",
    "uPlot.LICENSE": "8f989229699b4fe2f1a0432d0e9edc338a8a911e250e2d1b01ecd770a5f5b1bd",
}
LEAST_CONTRAST = 4.5


@pytest.mark.parametrize("name", VENDORED)
def test_what_is_not_ours_is_what_its_authors_published(name: str) -> None:
    assert hashlib.sha256(STATIC.joinpath(name).read_bytes()).hexdigest() == VENDORED[name]


def test_the_version_that_is_vendored_is_the_one_named() -> None:
    assert f"(v{UPLOT})" in STATIC.joinpath("uPlot.iife.min.js").read_text("utf-8")[:100]
    assert "MIT" in STATIC.joinpath("uPlot.LICENSE").read_text("utf-8")


def test_every_file_that_the_page_names_is_served() -> None:
    named = re.findall(r'(?:src|href)="static/([^"]+)"', STATIC.joinpath("page.html").read_text("utf-8"))
    scripts = [name for name in static_files() if name.endswith(".js") and name not in VENDORED]
    imported = [
        found for name in scripts for found in re.findall(r'from "\./(.+?)"', STATIC.joinpath(name).read_text())
    ]
    assert set(named) | set(imported) == set(static_files())


def test_the_template_and_the_licence_are_not_served() -> None:
    assert not {"page.html", "uPlot.LICENSE"} & set(static_files())


def test_the_compressed_form_is_the_same_file() -> None:
    for file in static_files().values():
        assert gzip.decompress(file.compressed) == file.content


def test_no_script_makes_html_from_words() -> None:
    for name in static_files():
        if name not in VENDORED:
            assert not re.search(
                r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", STATIC.joinpath(name).read_text()
            )


def colours(css: str) -> dict[str, str]:
    return dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", css))


def contrast(one: str, other: str) -> float:
    """(L1 + 0.05) / (L2 + 0.05), as the Web Content Accessibility Guidelines define it."""

    def luminance(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def mixed(one: str, other: str) -> str:
    """Half and half."""
    parts = [(int(one[at : at + 2], 16) + int(other[at : at + 2], 16)) // 2 for at in (1, 3, 5)]
    return "#" + "".join(f"{part:02x}" for part in parts)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_text_can_be_read_on_its_ground(dark: bool) -> None:
    light_css, dark_css = STATIC.joinpath("page.css").read_text("utf-8").split("@media (prefers-color-scheme: dark)")
    palette = colours(light_css) | (colours(dark_css) if dark else {})
    for text in ("text", "muted", "learner", "majority", "last_value", "good", "wait", "bad"):
        for ground in ("ground", "card"):
            assert contrast(palette[text], palette[ground]) >= LEAST_CONTRAST, (text, ground)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_a_members_name_can_be_read_in_its_band(dark: bool) -> None:
    light_css, dark_css = STATIC.joinpath("page.css").read_text("utf-8").split("@media (prefers-color-scheme: dark)")
    palette = colours(light_css) | (colours(dark_css) if dark else {})
    bands = [palette[f"m{place}"] for place in range(1, 13)]
    assert len(set(bands)) == 12
    for band in bands:
        assert contrast(band, palette["card"]) >= LEAST_CONTRAST, band
        assert contrast(mixed(band, palette["card"]), palette["text"]) >= LEAST_CONTRAST, band

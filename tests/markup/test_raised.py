"""Subscripts and superscripts, and what only looks like one."""

import pytest

from markup.rendering import safe_html


@pytest.mark.parametrize(
    "text",
    [
        *("5~10/15~20", "5~10,15~20", "5~10/15~20/25~30", "2008~2012", "~5 to ~10 %", "(~5/~10)", "~5–~10", "2^10/2^20", "10^6 and 10^9"),
        *("5 * 3 * 2", "a_b_c", "2 ~ 3 ~ 4"),
    ],
)
def test_what_only_looks_like_a_subscript_is_text(text):
    assert safe_html(text) == f"<p>{text}</p>"
    assert safe_html(f"{text} and CO~2~, m^2^") == f"<p>{text} and CO<sub>2</sub>, m<sup>2</sup></p>"


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("N~2~O", "N<sub>2</sub>O"),
        ("C~12~H~22~O~11~", "C<sub>12</sub>H<sub>22</sub>O<sub>11</sub>"),
        ("FF2~y~ x~i,j~", "FF2<sub>y</sub> x<sub>i,j</sub>"),
        ("log~2~8", "log<sub>2</sub>8"),
        ("^14^C, 10^6^", "<sup>14</sup>C, 10<sup>6</sup>"),
        ("(CO)~2~", "(CO)<sub>2</sub>"),
        ("~~a b~~", "<del>a b</del>"),
    ],
)
def test_subscripts_are_read_as_ever(source, html):
    assert safe_html(source) == f"<p>{html}</p>"

"""Ids of headings in any script, and the links that lead to them."""

import re

import pytest

from markup.anchors import heading_id, is_own_id, to_heading
from markup.rendering import safe_html


@pytest.mark.parametrize(
    ("heading", "anchor"),
    [
        ("Project cycle", "h-project-cycle"),
        ("Étude d'impact", "h-etude-dimpact"),
        ("Straße & Łódź", "h-strae-odz"),
        ("3/CMP.1, annex α", "h-3cmp1-annex"),
        ("CO₂", "h-co2"),
        ("2010", "h-2010"),
        ("!!!", "h-section"),
        ("Глава 1", "h-глава-1"),
        ("清洁发展机制", "h-清洁发展机制"),
        ("المجلس التنفيذي", "h-المجلس-التنفيذي"),
        ("हिन्दी भाषा", "h-हिन्दी-भाषा"),
        ("О CDM в России", "h-о-cdm-в-россии"),
        ("ไทย", "h-ไทย"),
    ],
)
def test_id_keeps_the_letters_of_its_script(heading, anchor):
    assert heading_id(heading) == anchor
    assert is_own_id(anchor)
    assert f'id="{anchor}"' in safe_html(f"## {heading}")


def test_heading_put_in_front_moves_no_id_of_another_script():
    before, after = safe_html("## Глава\n\n## 章"), safe_html("## Вступление\n\n## 序\n\n## Глава\n\n## 章")
    assert set(re.findall(r'id="([^"]*)"', before)) < set(re.findall(r'id="([^"]*)"', after))


@pytest.mark.parametrize(
    ("link", "anchor"),
    [
        ("#fn-rules", "#h-fn-rules"),
        ("#h-fn-rules", "#h-fn-rules"),
        ("#h-rules", "#h-h-rules"),
        ("#h-h-rules", "#h-h-rules"),
        ("#fnord", "#h-fnord"),
        ("#fn:1", "#fn:1"),
        ("#глава", "#h-глава"),
        ("#%D0%B3%D0%BB%D0%B0%D0%B2%D0%B0", "#h-%D0%B3%D0%BB%D0%B0%D0%B2%D0%B0"),
        ("/about/#fn-x", "/about/#h-fn-x"),
        ("/about/#h-x", "/about/#h-x"),
        ("https://example.org/#x", "https://example.org/#x"),
    ],
)
def test_link_leads_to_the_heading_that_its_writer_means(link, anchor):
    html = safe_html(f"## FN rules\n\n## H rules\n\n## Fnord\n\n## Глава\n\n[x]({link})[^1]\n\n[^1]: Note.")
    assert f'href="{anchor}"' in html


def test_whole_id_of_one_heading_counts_before_the_words_of_another():
    assert to_heading("#h-rules", {"h-rules", "h-h-rules"}) == "#h-rules"
    assert to_heading("#h-rules", {"h-h-rules"}) == "#h-h-rules"

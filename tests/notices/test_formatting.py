import pytest

from notices.formatting import as_html


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("", ""),
        ("一\n二\n\n三", "<p>一<br>二</p><p>三</p>"),
        ("- 一\r\n- 二", "<ul><li>一</li><li>二</li></ul>"),
        ("说明：\n1. 一\n2、二\n完", '<p>说明：</p><ol><li value="1">一</li><li value="2">二</li></ol><p>完</p>'),
        ("请**务必**说明 **a** * b", "<p>请<strong>务必</strong>说明 <strong>a</strong> * b</p>"),
        ("** a**", "<p>** a**</p>"),
        ("- **<b>**", "<ul><li><strong>&lt;b&gt;</strong></li></ul>"),
        ("<script>1</script>&", "<p>&lt;script&gt;1&lt;/script&gt;&amp;</p>"),
        ("-5 度", "<p>-5 度</p>"),
        ("2026 年", "<p>2026 年</p>"),
        ('1. <a href="x">', '<ol><li value="1">&lt;a href=&quot;x&quot;&gt;</li></ol>'),
    ],
)
def test_a_text_becomes_safe_html(text, html):
    assert as_html(text) == html

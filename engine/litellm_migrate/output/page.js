"use strict";
/* Draws the data of this page. Every text becomes a text node, so a name that looks like markup stays a name. */
(() => {
  const D = JSON.parse(document.getElementById("data").textContent);
  const [INPUT, TODAY, PROGRAM, CATALOG, DIALECT] = D.run;
  const OUTCOMES = {
    exact: ["=", "Mapped exactly"],
    differs: ["≈", "Mapped, not exactly"],
    manual: ["!", "Manual"],
    skipped: ["–", "Skipped"],
  };
  const WORST = ["manual", "differs", "skipped", "exact"];
  const LINE = 20,
    LONGEST = 2000;

  /* ---- small tools */
  const HIDDEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;
  const visible = (text) => text.replace(HIDDEN, (sign) => "\\u" + sign.charCodeAt(0).toString(16).padStart(4, "0"));
  const SVG = "http://www.w3.org/2000/svg";
  function fill(element, attributes, parts) {
    for (const [name, value] of Object.entries(attributes || {})) {
      if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
      else if (name.startsWith("aria-")) element.setAttribute(name, value);
      else if (value === true) element.setAttribute(name, "");
      else if (value !== false && value != null) element.setAttribute(name, value);
    }
    for (const part of parts.flat(4))
      if (part != null && part !== false) element.append(part.nodeType ? part : visible(String(part)));
    return element;
  }
  const h = (name, attributes, ...parts) => fill(document.createElement(name), attributes, parts);
  const s = (name, attributes, ...parts) => fill(document.createElementNS(SVG, name), attributes, parts);
  const button = (attributes, ...parts) => h("button", { type: "button", ...attributes }, ...parts);
  const $ = (id) => document.getElementById(id);
  const number = (value) => value.toLocaleString("en");
  const count = (value, noun) => `${number(value)} ${noun}${value === 1 ? "" : "s"}`;
  const percent = (share) => `${Number((share * 100).toPrecision(4))} %`;
  const rich = (text) => text.split("`").map((part, i, all) => (i % 2 && all.length % 2 ? h("code", {}, part) : part));
  const several = D.files.length > 1;
  const store = {
    get(key) {
      try {
        return JSON.parse(localStorage.getItem(key));
      } catch {
        return null;
      }
    },
    set(key, value) {
      try {
        localStorage.setItem(key, JSON.stringify(value));
      } catch {
        /* not kept */
      }
    },
  };
  const TICKS = `ticks of ${INPUT}`,
    ticked = new Set(store.get(TICKS) || []);
  function tick(key, label, changed = () => {}) {
    const box = h("input", { type: "checkbox", "aria-label": label });
    box.checked = ticked.has(key);
    box.addEventListener("change", () => {
      ticked[box.checked ? "add" : "delete"](key);
      store.set(TICKS, [...ticked]);
      changed();
    });
    return box;
  }

  /* ---- settings and lines, read from the data once */
  const settings = D.settings.map(([file, line, path, indexes, outcome, rule, entry, reasons, targets], id) => {
    let next = 0;
    return {
      id,
      file,
      line,
      outcome,
      reasons,
      targets,
      rule: D.words[rule],
      entry: D.words[entry],
      path: D.words[path].replace(/\[\]/g, () => `[${indexes[next++]}]`),
    };
  });
  const statements = D.statements.map(([code, because, todo]) => ({ code, because, todo, settings: [] }));
  settings.forEach((setting) => setting.reasons.forEach((n) => statements[n].settings.push(setting.id)));
  const findings = D.findings.map(([code, group, title, about, reasons, accepted], id) => ({
    id,
    code,
    group,
    title,
    about,
    accepted, // why; null if nobody accepted it
    reasons: reasons.map(([n, places]) => ({ ...statements[n], places })),
  }));
  const byCode = new Map(findings.slice().reverse().map((finding) => [finding.code, finding]));
  const pending = findings.filter((finding) => finding.accepted === null);
  const starts = [];
  const lines = [];
  D.files.forEach(([name, texts], file) => {
    starts.push(lines.length);
    texts.forEach((text, i) => lines.push({ file, at: i + 1, text, settings: [] }));
  });
  const indexOf = (file, at) => Math.min(starts[file] + Math.max(at, 1) - 1, lines.length - 1);
  for (const setting of settings) {
    const line = lines[indexOf(setting.file, setting.line)];
    if (line) line.settings.push(setting.id);
  }
  for (const line of lines)
    line.outcome = WORST.find((outcome) => line.settings.some((id) => settings[id].outcome === outcome)) || "";
  const addressOf = (index) => (several ? `F${lines[index].file + 1}` : "") + `L${lines[index].at}`;
  const lineName = (file, at) => (several ? `${D.files[file][0]}:${at}` : `line ${at}`);
  const placeName = (file, at) => (several ? `${D.files[file][0].split(/[\\/]/).pop()}:${at}` : `${at}`);

  /* ---- views and addresses */
  const pictures = D.views.filter((view) => view[4].length);
  const VIEWS = [
    ["overview", "Overview", pending.length, drawOverview],
    ["config", "Configuration", lines.length, drawConfig],
    ...pictures.map((view, i) => [
      `view${i + 1}`,
      view[0],
      new Set(view[3].map((row) => row[view[4][0][0]])).size,
      (section) => drawPicture(section, view),
    ]),
  ];
  const drawn = new Set();
  for (const [id, name, size] of VIEWS) {
    $("tabs").append(
      button(
        {
          role: "tab",
          id: `tab-${id}`,
          "aria-controls": id,
          "aria-selected": "false",
          tabindex: -1,
          onclick: () => go(id),
        },
        name,
        h("span", { class: "number" }, number(size)),
      ),
    );
    $("main").append(
      h("section", {
        id,
        role: "tabpanel",
        "aria-labelledby": `tab-${id}`,
        tabindex: -1,
        hidden: true,
        class: id === "config" ? "config" : null,
      }),
    );
  }
  function show(id) {
    for (const [name, , , draw] of VIEWS) {
      const on = name === id;
      $(name).hidden = !on;
      $(`tab-${name}`).setAttribute("aria-selected", on);
      $(`tab-${name}`).tabIndex = on ? 0 : -1;
      if (on && !drawn.has(name)) {
        drawn.add(name);
        draw($(name));
      }
    }
  }
  function arrows(list) {
    list.addEventListener("keydown", (event) => {
      const all = [...list.querySelectorAll("[role=tab]")],
        now = all.indexOf(document.activeElement);
      const next = { ArrowRight: now + 1, ArrowLeft: now - 1, Home: 0, End: all.length - 1 }[event.key];
      if (now < 0 || next === undefined) return;
      event.preventDefault();
      const tab = all[(next + all.length) % all.length];
      tab.click();
      tab.focus();
    });
  }
  arrows($("tabs"));
  const go = (address) => {
    if (location.hash !== "#" + address) history.pushState(null, "", "#" + address);
    route();
  };
  function route() {
    const address = decodeURIComponent(location.hash.slice(1)),
      place = /^(?:F(\d+))?L(\d+)$/.exec(address);
    const file = place ? (place[1] || 1) - 1 : 0;
    if (place && D.files[file] && D.files[file][1].length >= place[2]) {
      show("config");
      config.pick(indexOf(file, +place[2]), true);
    } else if (byCode.has(address)) {
      show("overview");
      overview.open(address);
    } else show(VIEWS.some((view) => view[0] === address) ? address : "overview");
  }
  const linkToLine = (index, attributes, ...parts) =>
    button({ ...attributes, onclick: () => go(addressOf(index)) }, ...parts);
  const linkToCode = (code) => button({ class: "link", onclick: () => go(code), title: byCode.get(code)?.title }, code);

  /* ---- overview */
  const overview = {};
  const groupNames = Object.keys(D.classes);
  const rankOf = (name) =>
    D.classes[name][1] ? 0 : Math.min(3, 1 + groupNames.filter((other) => !D.classes[other][1]).indexOf(name));
  const placesOf = (finding) =>
    finding.reasons.reduce((sum, reason) => sum + (reason.settings.length + reason.places.length || 1), 0);

  function drawOverview(section) {
    const page = h("div", { class: "wide" }),
      [verdict, ready] = D.verdict,
      sum = D.summary;
    page.append(
      h("h1", { class: "verdict" }, verdict),
      h(
        "p",
        { class: "facts" },
        `${PROGRAM}${CATALOG ? `, with prices, sizes and end dates from ${CATALOG}` : ""}; dialect ${DIALECT}. Nothing was sent, and the configuration was not changed.`,
      ),
    );
    const outcomes = Object.keys(OUTCOMES),
      sizes = { exact: sum.exact, differs: sum.differing, manual: sum.manual, skipped: sum.skipped };
    const bar = h(
      "div",
      { class: "bar", "aria-hidden": "true" },
      outcomes.map((name) => {
        const part = h("i", { class: `${name}-fill` });
        part.style.flexGrow = sizes[name];
        part.hidden = !sizes[name];
        return part;
      }),
    );
    page.append(
      h(
        "dl",
        { class: "glance" },
        D.glance.map(([question, answer, see]) => {
          const [, lead, rest] = /^(None|\d[\d,]*(?: of \d[\d,]*)?)(?:[:;,] (.*))?$/s.exec(answer) || [
            null,
            "",
            answer,
          ];
          return h(
            "div",
            {},
            h("dt", {}, question),
            lead ? h("dd", { class: "lead" }, lead) : null,
            rest ? h("dd", { class: "rest", title: rest }, rich(rest)) : null,
            see.length ? h("dd", { class: "see" }, see.map(linkToCode)) : null,
          );
        }),
      ),
      h(
        "section",
        { class: "sum", "aria-label": "Settings" },
        h("p", {}, h("b", {}, count(sum.settings, "setting")), " in ", count(lines.length, "line")),
        bar,
        h(
          "div",
          { class: "keys" },
          outcomes
            .filter((name) => sizes[name])
            .map((name) =>
              button(
                {
                  onclick: () => {
                    go("config");
                    config.only(name);
                  },
                },
                h("span", { class: `dot ${name}-fill` }),
                `${OUTCOMES[name][1]} `,
                h("span", { class: "number" }, number(sizes[name])),
              ),
            ),
        ),
      ),
    );

    const chosen = new Set(),
      rows = [],
      state = h("span", { class: "number", role: "status" }),
      list = h("div");
    const hide = h("input", { type: "checkbox", onchange: () => paint() });
    const present = groupNames.filter((name) => pending.some((finding) => finding.group === name));
    const chips = present.map((name) => {
      const chip = button(
        {
          class: "chip",
          "aria-pressed": "false",
          onclick: () => {
            chosen[chosen.has(name) ? "delete" : "add"](name);
            chip.setAttribute("aria-pressed", chosen.has(name));
            paint();
          },
        },
        h("span", { class: `dot rank${rankOf(name)}` }),
        D.classes[name][0],
        h("span", { class: "number" }, number(pending.filter((finding) => finding.group === name).length)),
      );
      return chip;
    });
    function paint() {
      for (const { finding, element } of rows) {
        const done = ticked.has(finding.code);
        element.classList.toggle("done", done);
        element.hidden = (chosen.size && !chosen.has(finding.group)) || (hide.checked && done);
      }
      for (const group of list.children)
        group.hidden = ![...group.querySelectorAll(".finding")].some((element) => !element.hidden);
      state.textContent = `${rows.filter((row) => ticked.has(row.finding.code)).length} of ${rows.length} done`;
    }
    for (const name of present) {
      const part = h("section", { class: "class", "aria-label": D.classes[name][0] }),
        all = pending.filter((finding) => finding.group === name);
      part.append(
        h(
          "h3",
          {},
          h("span", { class: `dot rank${rankOf(name)}` }),
          D.classes[name][0],
          h("span", { class: "number" }, number(all.length)),
        ),
      );
      all.forEach((finding) => {
        const row = findingRow(finding, paint);
        rows.push(row);
        part.append(row.element);
      });
      list.append(part);
    }
    const accepted = findings.filter((finding) => finding.accepted !== null).map((finding) => findingRow(finding));
    overview.open = (code) => {
      const row = [...rows, ...accepted].find((entry) => entry.finding.code === code);
      chosen.clear();
      hide.checked = false;
      chips.forEach((chip) => chip.setAttribute("aria-pressed", "false"));
      paint();
      row.open(true);
      row.element.scrollIntoView({ block: "start" });
      row.head.focus({ preventScroll: true });
    };
    overview.all = () => [...rows, ...accepted].forEach((row) => row.body());
    const found = h(
      "section",
      { "aria-labelledby": "findings" },
      h(
        "div",
        { class: "title" },
        h("h2", { id: "findings" }, "Findings"),
        h("div", { class: "end" }, state, h("label", {}, hide, "Hide what is done")),
      ),
      h("div", { class: "chips", role: "group", "aria-label": "Classes" }, chips),
      list,
      rows.length ? null : h("p", { class: "empty" }, "None."),
      accepted.length
        ? h(
            "section",
            { class: "class", "aria-label": "Accepted" },
            h("h3", {}, "Accepted", h("span", { class: "number" }, number(accepted.length))),
            accepted.map((row) => row.element),
          )
        : null,
      D.views
        .filter((view) => view[3].length && !view[4].length)
        .map(([title, , heads, lines]) => tableOf(title, heads, lines, [], -1)),
    );
    paint();
    section.append(h("div", {}, (page.append(h("div", { class: "columns" }, found, aside())), page)));
  }

  function findingRow(finding, changed) {
    const id = `about-${finding.id}`,
      body = h("div", { class: "body", id, hidden: true }),
      first = finding.reasons[0];
    const head = button(
      { class: "head", "aria-expanded": "false", "aria-controls": id, onclick: () => open(body.hidden) },
      h("span", { class: "code" }, finding.code),
      h("span", { class: "name" }, rich(finding.title)),
      h("span", { class: "many" }, count(placesOf(finding), "place")),
      h("span", { class: "turn", "aria-hidden": "true" }),
      h("span", { class: "short" }, first.because),
    );
    const write = () => {
      if (!body.firstChild)
        body.append(
          ...(finding.accepted === null
            ? []
            : [h("p", {}, h("b", {}, "Accepted"), finding.accepted ? [": ", rich(finding.accepted)] : ".")]),
          h("p", { class: "about" }, rich(finding.about)),
          ...finding.reasons.map((reason) => h("div", { class: "reason" }, sentences(reason), placeList(reason))),
        );
    };
    function open(on) {
      write();
      body.hidden = !on;
      head.setAttribute("aria-expanded", on);
    }
    return {
      finding,
      head,
      open,
      body: write,
      element: h(
        "div",
        { class: "finding" },
        finding.accepted === null ? tick(finding.code, `${finding.code} is done`, changed) : h("span"),
        h("h4", {}, head),
        body,
      ),
    };
  }
  const sentences = ({ because, todo }) => [
    h("p", {}, rich(because)),
    todo ? h("p", { class: "do" }, h("b", {}, "Do: "), rich(todo)) : null,
  ];
  function placeList(reason, most = 8) {
    const indexes = [
      ...new Set([
        ...reason.places.filter(Boolean).map(([file, at]) => indexOf(file, at)),
        ...reason.settings.map((id) => indexOf(settings[id].file, settings[id].line)),
      ]),
    ];
    if (!indexes.length) return null;
    const box = h("div", { class: "places" }),
      entryOf = (index) => lines[index].settings.map((id) => settings[id].entry).find(Boolean);
    const row = (index) =>
      linkToLine(
        index,
        {},
        h("span", { class: "at" }, placeName(lines[index].file, lines[index].at)),
        h(
          "span",
          { class: "code-line" },
          lines[index].text.trim().slice(0, 160),
          entryOf(index) ? h("span", { class: "faint" }, `   ${entryOf(index)}`) : null,
        ),
      );
    const add = (size) => box.append(...indexes.splice(0, size).map(row));
    add(most);
    const more = () => {
      const link = button(
        {
          class: "more",
          onclick: () => {
            add(100);
            link.remove();
            if (indexes.length) box.after(more());
          },
        },
        `${number(indexes.length)} more`,
      );
      return link;
    };
    return indexes.length ? [box, more()] : box;
  }

  function aside() {
    const side = h("aside", { "aria-label": "What to prepare" }),
      lists = [];
    for (const [title, text] of D.guides) lists.push(h("section", {}, h("h2", {}, title), guide(text, title)));
    const urgent = D.variables.slice().sort((a, b) => b[3] - a[3]),
      most = 12,
      names = h("ul");
    const row = ([name, because, places, literal]) =>
      h(
        "li",
        { title: because },
        h(
          "div",
          { class: "row" },
          h("span", { class: "mono" }, name),
          literal
            ? h("span", { class: "mark" }, "replace the key")
            : places.length
              ? linkToLine(
                  indexOf(...places[0]),
                  { class: "link number" },
                  lineName(...places[0]) + (places.length > 1 ? ` and ${places.length - 1} more` : ""),
                )
              : null,
        ),
        literal || !places.length
          ? h(
              "div",
              { class: "faint" },
              because,
              literal && places.length
                ? [", ", linkToLine(indexOf(...places[0]), { class: "link" }, lineName(...places[0]))]
                : null,
            )
          : null,
      );
    names.append(...urgent.slice(0, most).map(row));
    const rest =
      urgent.length > most
        ? button(
            {
              class: "more",
              onclick: () => {
                names.append(...urgent.slice(most).map(row));
                rest.remove();
              },
            },
            `${number(urgent.length - most)} more`,
          )
        : null;
    side.append(
      h(
        "section",
        {},
        h("h2", {}, "Variables to set", h("span", { class: "number" }, number(urgent.length))),
        names,
        rest,
      ),
    );
    if (D.notices.length)
      side.append(
        h(
          "section",
          {},
          h("h2", {}, "Notices", h("span", { class: "number" }, number(D.notices.length))),
          h(
            "ul",
            {},
            D.notices
              .slice(0, 50)
              .map(([because, todo, place]) =>
                h(
                  "li",
                  {},
                  place ? [linkToLine(indexOf(...place), { class: "link" }, lineName(...place)), " "] : null,
                  rich(because),
                  todo ? [" ", rich(todo)] : null,
                ),
              ),
          ),
        ),
      );
    side.append(...lists);
    return side;
  }
  function guide(text, title) {
    const box = h("div");
    text
      .trimEnd()
      .split(/^```/m)
      .forEach((part, i) => {
        if (i % 2) {
          box.append(h("pre", {}, part.slice(part.indexOf("\n") + 1).trimEnd()));
          return;
        }
        for (const block of part.split(/\n\s*\n/)) {
          const items = block.split("\n").filter((line) => line.startsWith("- "));
          if (items.length)
            box.append(
              h(
                "ul",
                {},
                items.map((item) => {
                  const point = item.replace(/^- (\[.\] )?/, "");
                  return h(
                    "li",
                    {},
                    /^- \[/.test(item)
                      ? h("label", {}, tick(`${title}: ${point}`, point), h("span", {}, rich(point)))
                      : rich(point),
                  );
                }),
              ),
            );
          else if (block.trim()) box.append(h("p", {}, rich(block.trim())));
        }
      });
    return box;
  }

  /* ---- lists of lines: only those in sight are in the document */
  function lineList(label, size, drawLine, pick) {
    const inner = h("div", { role: "presentation" }),
      list = h("div", { class: "list", role: "listbox", tabindex: 0, "aria-label": label }, inner),
      id = `list${(lineList.made = (lineList.made || 0) + 1)}`;
    let now = -1,
      frame = 0;
    const self = {
      element: list,
      get now() {
        return now;
      },
      set now(value) {
        now = value;
        self.draw();
      },
      draw() {
        const total = size(),
          from = Math.max(0, Math.floor(list.scrollTop / LINE) - 15),
          to = Math.min(total, from + Math.ceil((list.clientHeight || 800) / LINE) + 30);
        inner.style.height = `${total * LINE}px`;
        const drawn = [];
        for (let i = from; i < to; i++) {
          const line = drawLine(i, i === now);
          line.id = `${id}-${i}`;
          line.setAttribute("role", "option");
          line.setAttribute("aria-selected", i === now);
          line.setAttribute("aria-setsize", total);
          line.setAttribute("aria-posinset", i + 1);
          line.style.top = `${i * LINE}px`;
          line.addEventListener("click", () => pick(i));
          drawn.push(line);
        }
        inner.replaceChildren(...drawn);
        if (now >= from && now < to) list.setAttribute("aria-activedescendant", `${id}-${now}`);
        else list.removeAttribute("aria-activedescendant");
      },
      reveal(i, middle) {
        const top = i * LINE,
          room = list.clientHeight;
        if (middle && (top < list.scrollTop + LINE || top > list.scrollTop + room - 2 * LINE))
          list.scrollTop = top - room / 3;
        else if (top < list.scrollTop) list.scrollTop = top;
        else if (top + LINE > list.scrollTop + room) list.scrollTop = top + LINE - room;
      },
    };
    list.addEventListener(
      "scroll",
      () => {
        cancelAnimationFrame(frame);
        frame = requestAnimationFrame(self.draw);
      },
      { passive: true },
    );
    list.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const page = Math.max(1, Math.floor(list.clientHeight / LINE) - 2),
        last = size() - 1;
      const next = {
        ArrowDown: now + 1,
        ArrowUp: now - 1,
        PageDown: now + page,
        PageUp: now - page,
        Home: 0,
        End: last,
      }[event.key];
      if (next === undefined || last < 0) return;
      event.preventDefault();
      pick(Math.min(Math.max(next, 0), last), true);
    });
    new ResizeObserver(self.draw).observe(list);
    return self;
  }
  function yaml(text) {
    const [, lead, key, colon, rest] =
        /^(\s*(?:- +)*)(?:((?:"[^"]*"|'[^']*'|[^\s#"'{}[\],:][^\s#"'{}[\],]*?))(\s*:(?=\s|$)))?(.*)$/s.exec(
          text.slice(0, LONGEST),
        ),
      mark = rest.search(/(?:^|\s)#/);
    const value = mark < 0 ? rest : rest.slice(0, mark),
      note = mark < 0 ? "" : rest.slice(mark);
    return [
      lead,
      key ? h("span", { class: "k" }, key) : null,
      colon,
      value ? h("span", { class: value.includes("•••") ? "h" : "v" }, value) : null,
      note ? h("span", { class: "c" }, note) : null,
      text.length > LONGEST ? " …" : null,
    ];
  }
  function json(text) {
    const match = /^(\s*)("(?:[^"\\]|\\.)*")(: )(.*)$/s.exec(text.slice(0, LONGEST));
    return match
      ? [match[1], h("span", { class: "k" }, match[2]), match[3], h("span", { class: "v" }, match[4])]
      : [h("span", { class: "v" }, text.slice(0, LONGEST))];
  }

  /* ---- configuration beside the payloads */
  const config = {};
  function drawConfig(section) {
    const payloads = D.payloads.map(([name, text]) => ({ name, lines: text.trimEnd().split("\n"), from: new Map() }));
    for (const setting of settings)
      for (const [file, ...at] of setting.targets)
        for (const line of at) {
          const from = payloads[file].from;
          from.has(line) ? from.get(line).push(setting.id) : from.set(line, [setting.id]);
        }
    const entities = entitiesOf(payloads),
      chosen = new Set(),
      open = new Set();
    let items = [],
      hits = 0,
      now = -1,
      words = [],
      timer = 0,
      file = 0,
      lit = new Set(),
      source = -1,
      word = "";

    /* filters */
    const search = h("input", {
      class: "search",
      type: "search",
      id: "search-config",
      placeholder: "Search lines, settings, codes",
      "aria-label": "Search lines, settings, codes",
      autocomplete: "off",
      spellcheck: "false",
    });
    search.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(filter, 80);
    });
    const sizes = Object.fromEntries(
      Object.keys(OUTCOMES).map((name) => [name, settings.filter((setting) => setting.outcome === name).length]),
    );
    const chips = Object.entries(OUTCOMES)
      .filter(([name]) => sizes[name])
      .map(([name, [sign, label]]) => {
        const chip = button(
          {
            class: "chip",
            "data-outcome": name,
            "aria-pressed": "false",
            onclick: () => {
              chosen[chosen.has(name) ? "delete" : "add"](name);
              filter();
            },
          },
          h("span", { class: `dot ${name}-fill` }),
          label,
          h("span", { class: "number" }, number(sizes[name])),
        );
        return chip;
      });
    const codes = h(
      "select",
      { "aria-label": "Finding" },
      h("option", { value: "" }, "All findings"),
      findings
        .filter((finding) => finding.reasons.some((reason) => reason.settings.length))
        .map((finding) => h("option", { value: finding.code }, `${finding.code} ${finding.title}`)),
    );
    codes.addEventListener("change", filter);
    const options = h("datalist", { id: "entities" }),
      entity = h("input", {
        type: "search",
        list: "entities",
        placeholder: "Entry or entity",
        "aria-label": "Entry of the configuration or entity of a payload",
        autocomplete: "off",
      });
    entity.addEventListener("focus", () => {
      if (!options.firstChild) options.append(...[...entities.keys()].map((name) => h("option", { value: name })));
    });
    entity.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(filter, 80);
    });
    const state = h("span", { class: "end number", role: "status" });
    section.append(
      h("h1", { class: "hush" }, "Configuration"),
      h(
        "div",
        { class: "toolbar", role: "search" },
        search,
        h("div", { class: "chips", role: "group", "aria-label": "Outcomes" }, chips),
        codes,
        entity,
        options,
        state,
      ),
    );

    const text = (line) =>
      (line.search ??= [
        line.text,
        ...line.settings.map((id) => {
          const setting = settings[id];
          return [
            setting.path,
            setting.entry,
            setting.rule,
            ...setting.reasons.map((n) => statements[n].code),
            ...setting.targets.map(([n]) => payloads[n].name),
          ].join(" ");
        }),
      ]
        .join(" ")
        .toLowerCase());
    function filter() {
      words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
      const members = entity.value
        ? entities.get(entity.value) ||
          new Set(
            [...entities]
              .filter(([name]) => name.toLowerCase().includes(entity.value.toLowerCase()))
              .flatMap(([, ids]) => [...ids]),
          )
        : null;
      for (const chip of chips) chip.setAttribute("aria-pressed", chosen.has(chip.dataset.outcome));
      const active = words.length || chosen.size || codes.value || members;
      const fits = (line) =>
        (!words.length || words.every((part) => text(line).includes(part))) &&
        (!(chosen.size || codes.value || members) ||
          line.settings.some((id) => {
            const setting = settings[id];
            return (
              (!chosen.size || chosen.has(setting.outcome)) &&
              (!codes.value || setting.reasons.some((n) => statements[n].code === codes.value)) &&
              (!members || members.has(id))
            );
          }));
      items = [];
      hits = 0;
      if (!active) items = lines.map((_, i) => i);
      else fold(fits);
      state.textContent = active ? count(hits, "line") : count(lines.length, "line");
      left.now = items.indexOf(now);
      if (left.now >= 0) left.reveal(left.now, true);
      else left.element.scrollTop = 0;
      left.draw();
    }
    /* Lines that fit, what they stand in, and folds for the rest. */
    function fold(fits) {
      const keep = new Uint8Array(lines.length),
        stack = [];
      lines.forEach((line, i) => {
        const indent = line.text.search(/\S/),
          depth = indent + (line.text[indent] === "-" ? 0.5 : 0); // a list may be no deeper than its key
        if (indent >= 0) {
          while (stack.length && stack.at(-1)[0] >= depth) stack.pop();
          stack.push([depth, i]);
        }
        if (fits(line)) {
          keep[i] = 2;
          hits++;
          for (const [, above] of stack) keep[above] ||= 1;
        }
      });
      for (let i = 0; i < lines.length;) {
        if (keep[i] || open.has(i)) {
          items.push(i);
          if (keep[i] !== 2) lines[i].dim = true;
          else lines[i].dim = false;
          i++;
          continue;
        }
        let end = i;
        while (end < lines.length && !keep[end] && !open.has(end)) end++;
        items.push({ from: i, to: end });
        i = end;
      }
    }

    function unfold(item) {
      for (let i = item.from; i < Math.min(item.to, item.from + 500); i++) open.add(i);
      now = item.from;
      filter();
    }

    /* the configuration */
    const left = lineList(
      `Configuration ${INPUT}`,
      () => items.length,
      (position, current) => {
        const item = items[position];
        if (typeof item === "object")
          return h(
            "div",
            { class: `line fold ${current ? "now" : ""}` },
            h("span", { class: "at" }, "…"),
            h("span", { class: "sign" }),
            h("span", { class: "words" }, count(item.to - item.from, "line")),
            h("span", { class: "hush" }, "folded"),
          );
        const line = lines[item],
          [sign, label] = OUTCOMES[line.outcome] || ["", ""];
        const dim = hits && line.dim && items.length !== lines.length;
        return h(
          "div",
          {
            class: `line ${line.outcome} ${line.outcome ? "set" : ""} ${current ? "now" : ""} ${dim ? "dim" : ""} ${lit.has(item) ? "lit" : ""}`,
          },
          h("span", { class: "at" }, line.at),
          h("span", { class: "sign", "aria-hidden": "true" }, sign),
          h("span", { class: "words" }, yaml(line.text)),
          label ? h("span", { class: "hush" }, label) : null,
        );
      },
      (position, byKey) => {
        const item = items[position];
        if (typeof item === "object" && byKey) {
          left.now = position;
          left.reveal(position);
          return;
        }
        if (typeof item === "object") {
          unfold(item);
          return;
        }
        history.replaceState(null, "", "#" + addressOf(item));
        pick(item);
      },
    );
    const files =
      D.files.length > 1
        ? D.files.map(([name], n) =>
            button(
              { role: "tab", "aria-selected": "false", tabindex: n ? -1 : 0, onclick: () => pick(starts[n], true) },
              name,
            ),
          )
        : [];
    const head = h(
      "div",
      { class: "strip" },
      files.length
        ? h("div", { role: "tablist", "aria-label": "Files" }, files)
        : h("span", { class: "name" }, D.files[0]?.[0] || INPUT),
    );
    if (files.length) arrows(head.firstChild);

    /* what became of a line */
    const detail = h("section", {
      class: "detail",
      tabindex: 0,
      "aria-label": "What became of the line",
      "aria-live": "polite",
    });
    function explain() {
      const line = lines[now],
        where = `${lineName(line.file, line.at)}`;
      if (!line.settings.length) {
        detail.replaceChildren(h("p", { class: "faint" }, `${where[0].toUpperCase()}${where.slice(1)} sets nothing.`));
        return;
      }
      const first = line.settings.slice(0, 40);
      detail.replaceChildren(
        ...first.map((id) => {
          const setting = settings[id],
            [sign, label] = OUTCOMES[setting.outcome];
          return h(
            "div",
            { class: "setting" },
            h(
              "div",
              { class: "tags" },
              h("span", { class: `badge ${setting.outcome}` }, h("span", { "aria-hidden": "true" }, sign), label),
              where,
              setting.entry ? h("span", { class: "tag" }, setting.entry) : null,
              setting.rule ? h("span", { class: "tag", title: "The rule that decided" }, setting.rule) : null,
            ),
            h("h2", {}, setting.path),
            setting.reasons.map((n) =>
              h(
                "div",
                { class: "reason" },
                byCode.has(statements[n].code)
                  ? h("div", { class: "tags" }, linkToCode(statements[n].code), byCode.get(statements[n].code).title)
                  : null,
                sentences(statements[n]),
              ),
            ),
            targetList(setting),
          );
        }),
        ...(line.settings.length > 40
          ? [h("p", { class: "faint" }, `${line.settings.length - 40} more settings are on this line.`)]
          : []),
      );
      detail.scrollTop = 0;
    }
    function targetList(setting) {
      const all = setting.targets.flatMap(([n, ...at]) => at.map((line) => [n, line])),
        box = h("div", { class: "targets" });
      const row = ([n, at]) =>
        button(
          {
            onclick: () => {
              field(n, at);
            },
          },
          h("span", { class: "at" }, `${payloads[n].name}:${at}`),
          h("span", { class: "words" }, payloads[n].lines[at - 1]?.trim().replace(/,$/, "")),
        );
      box.append(...all.slice(0, 6).map(row));
      const more =
        all.length > 6
          ? button(
              {
                class: "more",
                onclick: () => {
                  box.append(...all.slice(6).map(row));
                  more.remove();
                },
              },
              `${all.length - 6} more fields`,
            )
          : null;
      return all.length ? [box, more] : null;
    }

    /* payloads */
    const right = lineList(
      "Payload",
      () => payloads[file]?.lines.length || 0,
      (position, current) => {
        const from = payloads[file].from.get(position + 1),
          fromNow = from && now >= 0 && from.some((id) => lines[now].settings.includes(id));
        return h(
          "div",
          { class: `line ${from ? "set" : ""} ${current ? "now" : ""} ${fromNow ? "lit" : ""}` },
          h("span", { class: "at" }, position + 1),
          h("span", { class: "sign" }),
          h("span", { class: "words" }, json(payloads[file].lines[position])),
        );
      },
      (position) => {
        right.now = position;
        right.reveal(position);
        const from = payloads[file].from.get(position + 1) || [];
        lit = new Set(from.map((id) => indexOf(settings[id].file, settings[id].line)));
        source = lit.size ? Math.min(...lit) : -1;
        if (source >= 0) {
          const at = items.indexOf(source);
          if (at >= 0) left.reveal(at, true);
        }
        left.draw();
      },
    );
    const tabs = payloads.map((payload, n) =>
      button(
        {
          role: "tab",
          id: `payload-${n}`,
          "aria-controls": "payload",
          "aria-selected": "false",
          tabindex: -1,
          onclick: () => turn(n),
        },
        payload.name.replace(/\.\w+$/, ""),
        h("span", { class: "hits" }),
      ),
    );
    const strip = h("div", { class: "strip", role: "tablist", "aria-label": "Payloads" }, tabs);
    arrows(strip);
    function turn(n) {
      file = n;
      tabs.forEach((tab, i) => {
        tab.setAttribute("aria-selected", i === n);
        tab.tabIndex = i === n ? 0 : -1;
      });
      tabs[n]?.scrollIntoView({ block: "nearest", inline: "nearest" });
      right.now = -1;
      right.element.scrollTop = 0;
      right.draw();
    }
    function field(n, at) {
      turn(n);
      right.now = at - 1;
      right.reveal(at - 1, true);
      right.draw();
    }
    function pick(index, jump) {
      if (!lines.length) return;
      now = index;
      lit = new Set();
      source = -1;
      let position = items.indexOf(index);
      if (position < 0) {
        clear();
        position = items.indexOf(index);
      }
      left.now = position;
      left.reveal(position, jump);
      left.draw();
      files.forEach((tab, n) => {
        tab.setAttribute("aria-selected", n === lines[index].file);
        tab.tabIndex = n === lines[index].file ? 0 : -1;
      });
      explain();
      const counts = payloads.map(() => 0),
        first = new Map();
      for (const id of lines[index].settings)
        for (const [n, ...at] of settings[id].targets) {
          counts[n] += at.length;
          first.set(n, Math.min(first.get(n) ?? Number.MAX_VALUE, at[0]));
        }
      tabs.forEach((tab, n) => {
        tab.lastChild.textContent = counts[n] || "";
      });
      if (first.size) {
        const n = first.has(file) ? file : [...first.keys()][0];
        if (n !== file) turn(n);
        right.now = -1;
        right.reveal(first.get(n) - 1, true);
      }
      right.draw();
    }
    function step(by) {
      for (let i = Math.max(0, items.indexOf(now)) + by; i >= 0 && i < items.length; i += by) {
        const line = lines[items[i]];
        if (line && ["manual", "differs"].includes(line.outcome)) {
          history.replaceState(null, "", "#" + addressOf(items[i]));
          pick(items[i], true);
          return;
        }
      }
    }
    function clear() {
      chosen.clear();
      open.clear();
      search.value = entity.value = codes.value = "";
      filter();
    }
    left.element.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && typeof items[left.now] === "object") {
        unfold(items[left.now]);
        return;
      }
      const target = now >= 0 && lines[now].settings.flatMap((id) => settings[id].targets)[0];
      if (event.key === "Enter" && target) {
        field(target[0], target[1]);
        right.element.focus();
      }
    });
    right.element.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && source >= 0) {
        const index = source;
        go(addressOf(index));
        left.element.focus();
      }
    });
    /* All lines that the filters leave, with the codes of what is said of them: paper has no virtual list. */
    const printout = h("div", { class: "printout", "aria-hidden": "true" });
    function paper() {
      let last = -1;
      const rows = items.flatMap((item) => {
        if (typeof item === "object") return h("p", { class: "fold" }, `… ${count(item.to - item.from, "line")}`);
        const line = lines[item],
          codes = [...new Set(line.settings.flatMap((id) => settings[id].reasons.map((n) => statements[n].code)))],
          head = line.file === last ? [] : [h("h2", {}, D.files[line.file][0])];
        last = line.file;
        return [
          ...head,
          h(
            "div",
            { class: `row ${line.outcome}` },
            h("span", { class: "at" }, line.at),
            h("span", { class: "sign" }, (OUTCOMES[line.outcome] || [""])[0]),
            h("span", { class: "words" }, line.text),
            h("span", { class: "codes" }, codes.filter((code) => byCode.has(code)).join(" ")),
          ),
        ];
      });
      const key = Object.values(OUTCOMES).map(([sign, label]) => `${sign} ${label}`);
      printout.replaceChildren(h("p", {}, key.join("   ")), ...rows);
    }
    section.append(printout);
    Object.assign(config, {
      paper,
      erase: () => printout.replaceChildren(),
      pick,
      step,
      clear,
      only(name) {
        clear();
        chosen.add(name);
        filter();
      },
    });

    section.append(
      h(
        "div",
        { class: "panes" },
        h("div", { class: "pane" }, head, left.element),
        h(
          "div",
          { class: "pane" },
          detail,
          payloads.length
            ? [
                strip,
                h("div", { class: "pane", id: "payload", role: "tabpanel", "aria-label": "Payload" }, right.element),
              ]
            : h("p", { class: "empty" }, "No payload."),
        ),
      ),
    );
    section.querySelector("#payload")?.style.setProperty("flex", "1");
    detail.append(
      h(
        "p",
        {},
        "Choose a line to see what became of it, why, and which fields of the payloads it fills; or a field, to see the lines that it comes from. ",
      ),
      h("p", { class: "faint" }, "••• hides what may be a secret: keys, and texts that no payload carries."),
    );
    filter();
    if (payloads.length) turn(0);
  }
  /* The settings of each entry of the configuration and of each entity in a payload, by name. */
  function entitiesOf(payloads) {
    const entities = new Map(),
      add = (name, id) => (entities.has(name) ? entities.get(name).add(id) : entities.set(name, new Set([id])));
    for (const setting of settings) if (setting.entry) add(setting.entry, setting.id);
    for (const payload of payloads) {
      const depth = payload.lines[0] === "[" ? 2 : 4,
        begin = " ".repeat(depth) + "{",
        names = [];
      let name = "",
        from = 0;
      payload.lines.forEach((line, i) => {
        if (line === begin) {
          name = "";
          from = i;
        }
        const field =
          !name && line.startsWith(" ".repeat(depth + 2) + '"') && /^\s*"[^"]*": "((?:[^"\\]|\\.)*)"/.exec(line);
        if (field) name = field[1];
        if (name && (line === begin.replace("{", "}") || line === begin.replace("{", "},"))) {
          for (let at = from; at <= i; at++) names[at + 1] = name;
        }
      });
      for (const [at, ids] of payload.from)
        if (names[at]) ids.forEach((id) => add(`${payload.name.replace(/\.\w+$/, "")}: ${names[at]}`, id));
    }
    return entities;
  }

  /* ---- pictures: bands from field to field */
  function drawPicture(section, [title, intro, heads, rows, [steps, widths]]) {
    let width = widths[0],
      query = "",
      timer = 0;
    const place = heads.findIndex((_, i) => rows.some((row) => Array.isArray(row[i]))),
      box = h("div"),
      wide = h("div", { class: "wide" }),
      opened = new Map();
    const names = new Map();
    for (const row of rows) {
      const name = row[steps[0]];
      names.has(name) ? names.get(name).push(row) : names.set(name, [row]);
    }
    const all = [...names].map(([name, legs]) => ({
      name,
      legs,
      text: legs.flat().join(" ").toLowerCase(),
      ends: new Set(
        legs.map((leg) =>
          steps
            .slice(1)
            .map((i) => leg[i])
            .join("\n"),
        ),
      ),
    }));
    const kept = (leg) => steps.slice(1).every((i) => leg[i] !== "");
    for (const entry of all) {
      entry.legs.lost = !entry.legs.some(kept);
      entry.split = entry.ends.size > 1;
    }
    const search = h("input", {
      class: "search",
      type: "search",
      id: `search-${section.id}`,
      placeholder: "Search names",
      "aria-label": "Search names",
      autocomplete: "off",
      spellcheck: "false",
    });
    search.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        query = search.value.trim().toLowerCase();
        paint();
      }, 100);
    });
    const segment = h(
      "div",
      { class: "segment", role: "group", "aria-label": "Shares" },
      widths.map((i) =>
        button(
          {
            "aria-pressed": i === width,
            onclick: (event) => {
              width = i;
              segment
                .querySelectorAll("button")
                .forEach((other) => other.setAttribute("aria-pressed", other === event.currentTarget));
              paint();
            },
          },
          heads[i],
        ),
      ),
    );
    const state = h("span", { class: "end number", role: "status" });
    section.append(h("div", { class: "toolbar", role: "search" }, search, segment, state), wide);
    wide.append(h("h1", { class: "hush" }, title), h("p", { class: "intro" }, rich(intro)), box);

    function paint() {
      const chosen = all.filter((entry) => !query || entry.text.includes(query)),
        groups = new Map();
      state.textContent = count(chosen.length, "name");
      const put = (key, entry) => (groups.has(key) ? groups.get(key).push(entry) : groups.set(key, [entry]));
      for (const entry of chosen)
        put(
          entry.legs.lost
            ? "0Not carried"
            : entry.split
              ? "1Divided"
              : all.length <= 30
                ? "2Undivided"
                : `2${entry.legs.find(kept)[steps.at(-1)]}`,
          entry,
        );
      const span = Math.max(660, box.clientWidth || 1140),
        at = steps.map((_, i) =>
          Math.round(span * (i ? 0.42 + ((i - 1) * 0.33) / Math.max(1, steps.length - 2) : 0.22)),
        );
      const head = h(
        "div",
        { class: "heads" },
        steps.map((i, n) => {
          const label = h("span", {}, heads[i]);
          label.style.left = n ? `${at[n]}px` : "0";
          return label;
        }),
      );
      box.replaceChildren(h("div", { "aria-hidden": "true" }, head));
      let room = 60;
      for (const key of [...groups.keys()].sort((a, b) =>
        a[0] === b[0] ? groups.get(b).length - groups.get(a).length : a < b ? -1 : 1,
      )) {
        const entries = groups.get(key),
          id = `${section.id}-${opened.size}-${key.slice(1)}`.replace(/\W+/g, "-"),
          body = h("div", { id }),
          label = key.slice(1);
        const isOpen = opened.get(key) ?? room > 0;
        room -= Math.min(entries.length, 40);
        let most = 40;
        const write = () =>
          body.replaceChildren(
            ...[
              bands(entries.slice(0, most), span, at),
              entries.length > most
                ? button(
                    {
                      class: "more",
                      onclick: () => {
                        most += 120;
                        write();
                      },
                    },
                    `${number(entries.length - most)} more`,
                  )
                : null,
            ].filter(Boolean),
          );
        const toggle = button(
          {
            "aria-expanded": isOpen,
            "aria-controls": id,
            onclick: () => {
              const on = body.hidden;
              opened.set(key, on);
              body.hidden = !on;
              toggle.setAttribute("aria-expanded", on);
              if (on && !body.firstChild) write();
            },
          },
          h("span", { class: "turn", "aria-hidden": "true" }),
          h("span", { class: key[0] === "0" ? "none" : "" }, label),
          h("span", { class: "number" }, count(entries.length, "name")),
        );
        body.hidden = !isOpen;
        if (isOpen) write();
        box.append(h("section", { class: "group", "aria-label": label }, h("h2", {}, toggle), body));
      }
      if (!chosen.length) box.append(h("p", { class: "empty" }, "No name fits."));
      box.append(
        tableOf(
          "The same as a table",
          heads,
          chosen.flatMap((entry) => entry.legs),
          widths,
          steps[0],
        ),
      );
    }
    function bands(entries, span, at) {
      const tall = 22,
        gap = 9,
        columns = steps.slice(1).map(() => new Map());
      let y = 8;
      for (const entry of untangled(entries)) {
        const legs = entry.legs.filter(kept),
          shares = legs.map((leg) => (typeof leg[width] === "number" ? leg[width] : null)),
          sum = shares.reduce((total, share) => total + share, 0) || 1;
        entry.bands = legs
          .map((leg, n) => ({
            leg,
            known: shares[n] !== null,
            size: shares[n] === null ? 2 : (shares[n] / sum) * tall && Math.max((shares[n] / sum) * tall, 1.5),
          }))
          .filter((band) => band.size);
        const apart = entry.bands.length > 6 ? 5 : 13;
        entry.y = y;
        let top = y,
          middle = -tall;
        for (const band of entry.bands) {
          /* apart, so that each has room for its share */
          top = Math.max(top, middle + apart - band.size / 2);
          band.y = [(middle = top + band.size / 2)];
          top += band.size;
          columns.forEach((column, n) => {
            const name = band.leg[steps[n + 1]],
              post = column.get(name) || column.set(name, { name, size: 0, weight: 0 }).get(name);
            post.size += band.size;
            post.weight += middle * band.size;
          });
        }
        entry.tall = Math.max(tall, top - y);
        y += entry.tall + gap;
      }
      let bottom = y;
      columns.forEach((column, n) => {
        const posts = [...column.values()].sort((a, b) => a.weight / a.size - b.weight / b.size);
        let end = 8;
        for (const post of posts) {
          post.y = Math.max(end, post.weight / post.size - post.size / 2);
          end = post.y + Math.max(post.size, 15) + 6;
          post.next = post.y;
        }
        bottom = Math.max(bottom, end);
        for (const band of entries.flatMap((entry) => entry.bands).sort((a, b) => a.y[n] - b.y[n])) {
          const post = column.get(band.leg[steps[n + 1]]);
          band.y.push(post.next + band.size / 2);
          post.next += band.size;
        }
      });
      const picture = s("svg", {
        class: "flow",
        viewBox: `0 0 ${span} ${Math.ceil(bottom)}`,
        height: Math.ceil(bottom),
        role: "group",
        "aria-label": "Picture; the table below says the same",
      });
      const chars = (room) => Math.max(6, Math.floor(room / 7.3)),
        cut = (name, room) => {
          const most = chars(room);
          return name.length > most
            ? `${name.slice(0, Math.ceil(most * 0.6) - 1)}…${name.slice(name.length - Math.floor(most * 0.4))}`
            : name;
        };
      for (const entry of entries) picture.append(nameOf(entry, at, cut));
      columns.forEach((column, n) => {
        for (const post of column.values())
          picture.append(
            s("rect", { class: "post", x: at[n + 1], y: post.y, width: 4, height: Math.max(post.size, 1.5), rx: 1 }),
            s(
              "text",
              { class: "halo", x: at[n + 1] + 11, y: post.y + post.size / 2 },
              cut(post.name, (at[n + 2] || span) - at[n + 1] - 60),
            ),
          );
      });
      return picture;
    }
    /* In an order in which bands cross less: each name stands where its posts do, and each post where its names do. */
    function untangled(entries) {
      const post = (leg) => leg[steps[1]] + "\n" + leg[steps.at(-1)],
        mean = (all) => all.reduce((total, value) => total + value, 0) / (all.length || 1);
      let order = entries;
      for (let turn = 0; turn < 8; turn++) {
        const at = new Map(order.map((entry, i) => [entry, i])),
          of = new Map();
        for (const entry of order)
          for (const leg of entry.legs.filter(kept)) {
            const key = post(leg);
            of.has(key) ? of.get(key).push(at.get(entry)) : of.set(key, [at.get(entry)]);
          }
        const rank = new Map(
          order.map((entry) => [entry, mean(entry.legs.filter(kept).map((leg) => mean(of.get(post(leg)))))]),
        );
        order = [...order].sort((a, b) => rank.get(a) - rank.get(b));
      }
      return order;
    }
    function nameOf(entry, at, cut) {
      const where = place >= 0 && entry.legs.map((leg) => leg[place]).find(Array.isArray),
        middle = entry.y + entry.tall / 2,
        edge = at[0] + 4;
      const tell = entry.bands.length
        ? entry.bands
            .map(
              ({ leg }) =>
                `${typeof leg[width] === "number" ? percent(leg[width]) + " to " : ""}${steps
                  .slice(1)
                  .map((i) => leg[i])
                  .join(", ")}`,
            )
            .join("; ")
        : "not carried";
      const act = () => {
        if (where) go(addressOf(indexOf(...where)));
      };
      const aim = (on) => () => {
        element.classList.toggle("on", on);
        element.parentNode.classList.toggle("aim", on);
      };
      const element = s(
        "g",
        {
          class: `${entry.bands.length ? (entry.split ? "split" : "") : "lost"} `,
          tabindex: 0,
          role: "link",
          "aria-label": visible(`${entry.name}: ${tell}`),
          onclick: act,
          onkeydown: (event) => {
            if (event.key === "Enter") act();
          },
          onmouseenter: aim(true),
          onmouseleave: aim(false),
          onfocus: aim(true),
          onblur: aim(false),
        },
        s("title", {}, `${entry.name}: ${tell}`),
        s("rect", { class: "hit", x: 0, y: entry.y - 4, width: edge, height: entry.tall + 8, rx: 4 }),
        s("text", { x: at[0] - 9, y: middle, "text-anchor": "end" }, cut(entry.name, at[0] - 14)),
        s("rect", { class: "post", x: at[0], y: entry.y, width: 4, height: entry.tall, rx: 1 }),
      );
      if (!entry.bands.length)
        element.append(
          s("path", { "stroke-width": 1.5, d: `M${edge} ${middle}H${at[1] - 10}` }),
          s("text", { x: at[1] + 11, y: middle }, "not carried"),
        );
      for (const band of entry.bands)
        at.slice(1).forEach((x, n) => {
          const from = at[n] + 4,
            bend = (from + x) / 2,
            y0 = band.y[n].toFixed(1),
            y1 = band.y[n + 1].toFixed(1);
          element.append(
            s("path", {
              class: band.known ? null : "unknown",
              "stroke-width": band.size.toFixed(2),
              d: `M${from} ${y0}C${bend} ${y0} ${bend} ${y1} ${x} ${y1}`,
            }),
          );
        });
      if (entry.bands.length > 1 && entry.bands.length <= 6)
        entry.bands
          .filter((band) => band.known)
          .forEach((band) =>
            element.append(s("text", { class: "percent halo", x: edge + 7, y: band.y[0] }, percent(band.leg[width]))),
          );
      return element;
    }
    paint();
    let last = box.clientWidth;
    new ResizeObserver(() => {
      if (Math.abs(box.clientWidth - last) > 24 && box.clientWidth) {
        last = box.clientWidth;
        paint();
      }
    }).observe(box);
  }

  /* A table of rows; where a row has the name of the one above, that is not repeated. */
  function tableOf(title, heads, rows, shares, named) {
    const body = h("tbody"),
      isShare = heads.map((_, i) => shares.includes(i));
    let drawn = 0;
    const cell = (value, i) =>
      Array.isArray(value)
        ? linkToLine(indexOf(...value), { class: "link" }, lineName(...value))
        : typeof value === "number"
          ? percent(value)
          : isShare[i] || value === null
            ? ""
            : h("span", { class: value.length < 20 ? "mono short" : "mono" }, value);
    const more = button({ class: "more", onclick: () => add(300) });
    function add(size) {
      for (const row of rows.slice(drawn, drawn + size)) {
        const again = drawn && named >= 0 && rows[drawn - 1][named] === row[named];
        body.append(
          h(
            "tr",
            { class: again ? "again" : null },
            row.map((value, i) => h("td", { class: isShare[i] ? "share" : null }, cell(value, i))),
          ),
        );
        drawn++;
      }
      more.hidden = drawn >= rows.length;
      more.textContent = `${number(rows.length - drawn)} more rows`;
    }
    add(40);
    return h(
      "div",
      { class: "scroll" },
      h(
        "table",
        {},
        h("caption", {}, title),
        h(
          "thead",
          {},
          h(
            "tr",
            {},
            heads.map((head, i) => h("th", { scope: "col", class: isShare[i] ? "share" : null }, head)),
          ),
        ),
        body,
      ),
      more,
    );
  }

  /* ---- keys, print, start */
  $("keys").addEventListener("click", () => $("help").showModal());
  $("print").addEventListener("click", () => print());
  addEventListener("beforeprint", () => {
    if (!$("config").hidden) {
      document.documentElement.dataset.printing = "config";
      config.paper();
      return;
    }
    for (const [name, , , draw] of VIEWS)
      if (name !== "config" && !drawn.has(name)) {
        drawn.add(name);
        draw($(name));
      }
    overview.all();
  });
  addEventListener("afterprint", () => {
    if (document.documentElement.dataset.printing) config.erase();
    delete document.documentElement.dataset.printing;
  });
  addEventListener("keydown", (event) => {
    if ($("help").open || event.ctrlKey || event.metaKey || event.altKey) return;
    const view = VIEWS.find(([name]) => !$(name).hidden)[0],
      field = event.target,
      typing = /^(INPUT|SELECT|TEXTAREA)$/.test(field.tagName) && field.type !== "checkbox";
    if (event.key === "Escape") {
      if (typing) field.blur();
      if (view === "config") config.clear();
      else if (typing) {
        field.value = "";
        field.dispatchEvent(new Event("input"));
      }
      return;
    }
    if (typing) return;
    if (/^[1-9]$/.test(event.key) && VIEWS[event.key - 1]) go(VIEWS[event.key - 1][0]);
    else if (event.key === "?") $("help").showModal();
    else if (event.key === "/") {
      event.preventDefault();
      if (view === "overview") go("config");
      $(`search-${view === "overview" ? "config" : view}`).focus();
    } else if (view === "config" && (event.key === "n" || event.key === "p")) config.step(event.key === "n" ? 1 : -1);
  });
  addEventListener("popstate", route);
  addEventListener("hashchange", route);
  const short = INPUT.split(/[\\/]/).pop();
  $("file").append(h("b", { title: INPUT }, short), h("span", {}, TODAY));
  document.title = `${visible(short)}: migration report`;
  route();
  document.documentElement.dataset.ready = String(Math.round(performance.now()));
})();

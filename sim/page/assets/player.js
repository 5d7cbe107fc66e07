"use strict";
// Plays a run: moves the flights of the map and the timeline's cursor to the slider's time.
(async () => {
  const run = JSON.parse(document.getElementById("run").textContent);
  const [slider, clock, play, speed, now] = ["time", "clock", "play", "speed", "now"]
    .map((id) => document.getElementById(id));
  const dark = matchMedia("(prefers-color-scheme: dark)");
  let at = run.first.at, playing = null, chosen = [];

  for (const entry of run.entries) {
    const flight = `flight:${entry.flight}`;
    keepout.related.set(entry.key, [flight]);
    keepout.related.set(flight, [...(keepout.related.get(flight) ?? []), entry.key]);
  }

  Bokeh.set_log_level("warn");
  const views = await Promise.all(["map", "timeline"].map(async (id) =>
    (await Bokeh.embed.embed_item(run[id], id)).get_by_id(run[id].root_id)));
  const [map, timeline] = views.map((view) => view.model);
  const find = (chart, name) => chart.document.get_model_by_name(name);
  const sourceOf = (chart, name) => find(chart, name)?.data_source;
  const flown = sourceOf(map, "flown").data;
  const entryOf = new Map(run.entries.map((one) => [one.key, one]));
  const footprints = run.footprints.map((name) => sourceOf(map, name));
  const toAxis = (seconds) => (run.start + seconds) * 1000;
  const fromAxis = (x) => x / 1000 - run.start;

  function show(seconds) {
    const text = new Date(Math.round(run.start + seconds) * 1000).toISOString();
    return `${run.dated ? `${text.slice(5, 10)} ` : ""}${text.slice(11, 19)}Z`;
  }

  // The last sample of a flight not after an instant; -1 where it is not in the air.
  function sampleOf(times, instant) {
    let low = 0, high = times.length - 1;
    if (high < 1 || instant < times[0] || instant > times[high]) return -1;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (times[middle] <= instant) low = middle; else high = middle;
    }
    return low;
  }

  function place(number, instant) {
    const times = flown.ts[number], xs = flown.xs[number], ys = flown.ys[number];
    const sample = sampleOf(times, instant);
    if (sample < 0) return null;
    const [dx, dy] = [xs[sample + 1] - xs[sample], ys[sample + 1] - ys[sample]];
    const lasts = times[sample + 1] - times[sample];
    const share = lasts > 0 ? (instant - times[sample]) / lasts : 0;
    return { x: xs[sample] + share * dx, y: ys[sample] + share * dy, angle: Math.atan2(dy, dx) - Math.PI / 2, sample };
  }

  // The way of a flight between two instants, the last of which it is in the air.
  function way(number, since, until) {
    const first = Math.max(0, sampleOf(flown.ts[number], since)), end = place(number, until);
    const xs = Array.from(flown.xs[number].slice(first + 1, end.sample + 1));
    const ys = Array.from(flown.ys[number].slice(first + 1, end.sample + 1));
    const begin = place(number, since) ?? { x: flown.xs[number][0], y: flown.ys[number][0] };
    return [[begin.x, ...xs, end.x], [begin.y, ...ys, end.y]];
  }

  function drawFlights() {
    const columns = { x: [], y: [], angle: [], name: [], label: [], party: [], key: [], colour: [], about: [] };
    const trails = { xs: [], ys: [], colour: [] };
    const inside = new Map();
    for (const entry of run.entries) {
      if (entry.start <= at && at < entry.end && !inside.has(entry.flight)) inside.set(entry.flight, entry);
    }
    for (let number = 0; number < flown.flight.length; number += 1) {
      const here = place(number, at);
      if (here === null || Number.isNaN(here.x)) continue;
      const flight = flown.flight[number], entry = inside.get(flight);
      const colour = entry?.colour ?? run.grey;
      const since = at - run.trail, came = Math.max(since, entry?.start ?? at);
      const ways = [[since, came, run.grey], [came, at, colour]];
      for (const [begin, end, shade] of ways.filter((one) => one[0] < one[1])) {
        const [xs, ys] = way(number, begin, end);
        trails.xs.push(xs); trails.ys.push(ys); trails.colour.push(shade);
      }
      for (const name of ["x", "y", "angle"]) columns[name].push(here[name]);
      columns.name.push(flight);
      columns.party.push(flown.party[number]);
      columns.key.push(`flight:${flight}`);
      columns.colour.push(colour);
      columns.about.push(entry ? `${entry.where}: ${entry.cause}` : "");
    }
    const few = columns.x.length <= run.named;
    columns.label = columns.name.map((name, n) =>
      few || inside.has(name) || chosen.includes(columns.key[n]) ? name : "");
    sourceOf(map, "flights").data = columns;
    sourceOf(map, "trails").data = trails;
    return [columns, inside];
  }

  // What is in force is filled; what is not yet, or no more, is a faint outline.
  function drawFootprints() {
    for (const source of footprints) {
      const { start, end, line_alpha: line, fill_alpha: fill, filled, faint } = source.data;
      let changed = false;
      for (let n = 0; n < start.length; n += 1) {
        const active = start[n] <= at && at < end[n];
        const wanted = active ? 1 : faint[n];
        if (line[n] === wanted) continue;
        line[n] = wanted;
        fill[n] = active ? filled[n] : 0;
        changed = true;
      }
      if (changed) source.change.emit();
    }
  }

  // Entries that are now, or are chosen, stand out from those before, and these from those to come.
  function drawEntries() {
    for (const name of ["entries", "ways"]) {
      const source = sourceOf(map, name), { key, alpha } = source.data;
      let changed = false;
      for (let n = 0; n < key.length; n += 1) {
        const { start, end } = entryOf.get(key[n]);
        const wanted = (start <= at && at < end) || chosen.includes(key[n]) ? 1 : at < start ? 0.12 : 0.45;
        if (alpha[n] === wanted) continue;
        alpha[n] = wanted;
        changed = true;
      }
      if (changed) source.change.emit();
    }
  }

  // Names of what is in force; of all, where they are few.
  function drawNames() {
    const source = sourceOf(map, "names"), { name, shown, alpha } = source.data;
    const active = new Set(run.windows.filter((one) => one.start <= at && at < one.end).map((one) => one.name));
    let changed = false;
    for (let n = 0; n < name.length; n += 1) {
      const wanted = name.length <= run.fewNames || active.has(name[n]) ? 1 : 0;
      if (alpha[n] === wanted) continue;
      alpha[n] = wanted;
      shown[n] = wanted ? name[n] : "";
      changed = true;
    }
    if (changed) source.change.emit();
  }

  function tell(columns, inside) {
    const count = columns.x.length;
    const parts = [count ? `${count} flight${count === 1 ? "" : "s"} in the air` : "No flight in the air"];
    const active = run.windows.filter((one) => one.start <= at && at < one.end).map((one) => `${one.what} ${one.name}`);
    parts.push(active.length ? `in force: ${[...new Set(active)].join(", ")}` : "nothing in force");
    const entered = [...inside.values()].map((one) => `${one.flight} ${one.where} (${one.cause})`);
    const shown = entered.slice(0, 3).join(", ") + (entered.length > 3 ? ` and ${entered.length - 3} more` : "");
    now.textContent = `${parts.join("; ")}.${entered.length ? ` ${shown}.` : ""}`;
  }

  function go(instant) {
    at = Math.min(Math.max(instant, 0), run.horizon);
    slider.value = String(at);
    clock.textContent = show(at);
    slider.setAttribute("aria-valuetext", show(at));
    find(timeline, "cursor").location = toAxis(at);
    drawFootprints();
    drawEntries();
    drawNames();
    tell(...drawFlights());
    for (const link of document.querySelectorAll(".chain:not([hidden]) li")) {
      link.classList.toggle("ahead", Number(link.dataset.at) > at);
    }
  }

  function stop() {
    if (playing !== null) cancelAnimationFrame(playing);
    playing = null;
    play.textContent = "Play";
    play.setAttribute("aria-pressed", "false");
  }

  function start() {
    if (at >= run.horizon) go(0);
    play.textContent = "Pause";
    play.setAttribute("aria-pressed", "true");
    let before = null;
    const step = (stamp) => {
      if (before !== null) go(at + Math.min(stamp - before, 250) / 1000 * Number(speed.value));
      before = stamp;
      if (at >= run.horizon) return stop();
      playing = requestAnimationFrame(step);
    };
    playing = requestAnimationFrame(step);
  }

  function drawChosen() {
    const rows = (data, keys, isChosen) => {
      const numbers = [...keys.keys()].filter((n) => isChosen(keys[n]));
      return Object.fromEntries(Object.entries(data).map(([name, column]) => [name, numbers.map((n) => column[n])]));
    };
    const { xs, ys, flight } = flown;
    sourceOf(map, "chosen").data = rows({ xs, ys }, flight.map((name) => `flight:${name}`), (key) => chosen.includes(key));
    for (const name of ["bars", "marks"]) {
      const all = run.timeline_index[name];
      const isChosen = (key) => key === chosen[0] || key.startsWith(`${chosen[0]}/`);
      sourceOf(timeline, `chosen-${name}`).data = rows(all, all.key, isChosen);
    }
  }

  keepout.onChoice((choice) => {
    if (choice.keys.length) chosen = choice.keys;
    drawChosen();
    if (Number.isFinite(choice.at)) { stop(); go(choice.at); }
  });

  // A click on a chart: the nearest thing within reach is chosen, on the timeline else its instant.
  timeline.on_event("tap", (event) => {
    const { bars, marks } = run.timeline_index;
    const reach = 6 * Math.abs(timeline.x_range.end - timeline.x_range.start) / views[1].frame.bbox.width;
    const x = event.x;
    const near = [];
    bars.key.forEach((key, n) => {
      if (event.y >= bars.top[n] - 0.2 && event.y <= bars.bottom[n] + 0.2 && x >= bars.left[n] - reach && x <= bars.right[n] + reach) {
        near.push({ key, size: bars.right[n] - bars.left[n], has: bars.cause[n] !== "" });
      }
    });
    marks.key.forEach((key, n) => {
      if (Math.abs(marks.y[n] - event.y) <= 0.5 && Math.abs(marks.x[n] - x) <= reach) near.push({ key, size: 0, has: false });
    });
    near.sort((one, other) => Number(other.has) - Number(one.has) || one.size - other.size);
    const entry = entryOf.get(near[0]?.key);
    keepout.choose({ keys: near.length ? keepout.keysOf(near[0].key) : [], at: entry ? entry.start : fromAxis(x) });
  });
  map.on_event("tap", (event) => {
    const reach = 14 * Math.abs(map.x_range.end - map.x_range.start) / views[0].frame.bbox.width;
    const near = [];
    for (const name of ["entries", "flights"]) {
      const { x, y, key } = sourceOf(map, name).data;
      for (let n = 0; n < key.length; n += 1) {
        const away = Math.hypot(x[n] - event.x, y[n] - event.y);
        if (away <= reach) near.push({ key: key[n], away });
      }
    }
    near.sort((one, other) => one.away - other.away);
    if (!near.length) return;
    const entry = entryOf.get(near[0].key);
    keepout.choose({ keys: keepout.keysOf(near[0].key), at: entry ? entry.start : at, near: true });
  });

  // The map keeps its shape: metres are as long across as they are up.
  const room = 26; // pixels round everything, in which names stand
  function look(middleX, middleY, metresAPixel) {
    const { width, height } = views[0].frame.bbox;
    if (width < 1 || height < 1) return;
    const [halfX, halfY] = [width * metresAPixel / 2, height * metresAPixel / 2];
    map.x_range.setv({ start: middleX - halfX, end: middleX + halfX });
    map.y_range.setv({ start: middleY - halfY, end: middleY + halfY });
  }
  function lookAtAll() {
    const { width, height } = views[0].frame.bbox;
    const [west, east, south, north] = run.bounds;
    const [wide, high] = [Math.max(width - 2 * room, 1), Math.max(height - 2 * room, 1)];
    look((west + east) / 2, (south + north) / 2, Math.max((east - west) / wide, (north - south) / high));
  }
  function zoom(factor) {
    const { x_range: x, y_range: y } = map;
    look((x.start + x.end) / 2, (y.start + y.end) / 2, Math.abs(x.end - x.start) / views[0].frame.bbox.width * factor);
  }
  document.getElementById("nearer").addEventListener("click", () => zoom(1 / 1.5));
  document.getElementById("farther").addEventListener("click", () => zoom(1.5));
  document.getElementById("whole").addEventListener("click", lookAtAll);

  function paint() {
    const style = getComputedStyle(document.documentElement);
    const colours = Object.fromEntries(["ink", "soft", "line", "accent", "ground"]
      .map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
    for (const one of [...map.document.all_models, ...timeline.document.all_models]) {
      const tags = one.tags ?? [];
      for (const tag of tags) {
        const [property, name] = String(tag).split("=");
        const colour = colours[name];
        if (colour) one[property] = property in one && one[property]?.value !== undefined ? { value: colour } : colour;
      }
    }
  }

  paint();
  dark.addEventListener("change", paint);
  // As many names of times as there is room for.
  function spaceTimes() {
    timeline.below[0].ticker.desired_num_ticks = Math.max(2, Math.round(views[1].frame.bbox.width / 110));
  }
  new ResizeObserver(() => requestAnimationFrame(spaceTimes)).observe(document.getElementById("timeline"));
  new ResizeObserver(() => requestAnimationFrame(lookAtAll)).observe(document.getElementById("map"));
  slider.addEventListener("input", () => { stop(); go(Number(slider.value)); });
  play.addEventListener("click", () => (playing === null ? start() : stop()));
  keepout.choose({ keys: run.first.key ? keepout.keysOf(run.first.key) : [], at: run.first.at });
  document.documentElement.dataset.ready = "true";
})();

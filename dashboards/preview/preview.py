#!/usr/bin/env python3
"""Draws a dashboard from a running Prometheus, to see without Grafana whether each panel shows what its title says.

    dashboards/preview/preview.py dashboards/fleet.json --prometheus http://127.0.0.1:9090 --out fleet.png

It asks every query as Grafana would, over the last minutes, and lays the panels out on the dashboard's own grid. The answer
is an HTML page (--out page.html), or a picture of it (--out page.png), for which Chromium must be installed. It is a sketch:
Grafana draws more finely, and from the same answers.
"""

import argparse
import html
import json
import math
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

COLUMN, ROW, GAP = 50, 30, 8
COLOURS = ["#3b6fb6", "#d1742f", "#4a9b5c", "#b5476d", "#7a62b3", "#8c7a2e", "#2f9c9c", "#777777"]
CSS = """
body { margin: 0; background: #f4f5f7; font: 12px sans-serif; color: #222 } h1 { font-size: 18px; margin: 0; padding: 12px 12px 0 }
.board { position: relative } .panel { position: absolute; background: #fff; border: 1px solid #d8dbe0; border-radius: 3px; overflow: hidden; box-sizing: border-box; padding: 6px 8px }
.row { position: absolute; font-weight: bold; padding: 6px 2px } .title { font-weight: bold; margin-bottom: 4px; white-space: nowrap }
.stat { font-size: 26px; margin-top: 10px } .stat small { font-size: 12px; color: #666; margin-right: 14px } .none { color: #a33; margin-top: 14px }
table { border-collapse: collapse; width: 100% } td, th { text-align: left; padding: 2px 8px 2px 0; border-bottom: 1px solid #eee; white-space: nowrap }
.bar { position: relative; height: 16px; background: #eef0f3; margin-bottom: 2px } .bar i { position: absolute; left: 0; top: 0; bottom: 0; background: #9dbbe0 }
.bar span { position: absolute; left: 4px; right: 4px; display: flex; justify-content: space-between; white-space: nowrap; line-height: 16px }
.legend { font-size: 11px; line-height: 1.3 } .legend b { font-size: 14px }
"""


class Prometheus:
    def __init__(self, address, minutes):
        self.address, self.end = address.rstrip("/"), time.time()
        self.start = self.end - 60 * minutes
        self.step = max(1, round(60 * minutes / 300))

    def get(self, path, **parameters):
        try:
            with urllib.request.urlopen(f"{self.address}/api/v1/{path}?{urllib.parse.urlencode(parameters, doseq=True)}", timeout=30) as answer:
                return json.load(answer)["data"]
        except urllib.error.HTTPError as error:
            sys.exit(f"preview: Prometheus refuses {parameters}: {error.read().decode()}")
        except OSError as error:
            sys.exit(f"preview: there is no Prometheus at {self.address}: {error}. Give its address with --prometheus.")

    def now(self, expression):
        return [(one["metric"], float(one["value"][1])) for one in self.get("query", query=expression, time=self.end)["result"]]

    def over_time(self, expression):
        answer = self.get("query_range", query=expression, start=self.start, end=self.end, step=self.step)
        return [(one["metric"], [(at, float(value)) for at, value in one["values"]]) for one in answer["result"]]


def scaled(value, steps, digits=3):
    """The value in the largest unit that it fills: steps are (size, name), smallest first."""
    size, name = max((step for step in steps if step[0] <= abs(value)), default=steps[0])
    return f"{value / size:.{digits}g} {name}"


def number(value, unit, decimals=None):
    if not math.isfinite(value):
        return "–"
    if unit == "s":
        return "0 s" if value == 0 else scaled(value, [(1e-9, "ns"), (1e-6, "µs"), (1e-3, "ms"), (1, "s"), (60, "min"), (3600, "h")])
    if unit == "ms":
        return number(value / 1000, "s")
    if unit == "decbytes":
        return scaled(value, [(1, "B"), (1e3, "kB"), (1e6, "MB"), (1e9, "GB"), (1e12, "TB")])
    if unit == "percentunit":
        return f"{100 * value:.{1 if decimals is None else decimals}f} %"
    if unit == "short" and value >= 1000:
        return scaled(value, [(1e3, "K"), (1e6, "Mil")])
    suffix = {"cpm": " /min", "cps": " /s", "mps": " /s", "celsius": " °C"}.get(unit, "")
    return (f"{value:.4g}" if decimals is None else f"{value:.{decimals}f}") + suffix


def legend(text, labels):
    return re.sub(r"\{\{(\w+)\}\}", lambda name: labels.get(name[1], ""), text)


def lines(panel, answers, width, height, span):
    unit, stacked = panel["fieldConfig"]["defaults"]["unit"], panel["fieldConfig"]["defaults"].get("custom", {}).get("stacking", {}).get("mode") == "normal"
    series = [(legend(target["legendFormat"], labels), [(at, v) for at, v in values if math.isfinite(v)]) for target, found in answers for labels, values in found]
    series = [one for one in series if one[1]]
    if not series:
        return None
    if stacked:
        below, raised = {}, []
        for name, values in series:
            for at, value in values:
                below[at] = below.get(at, 0) + value
            raised.append((name, [(at, below[at]) for at, _ in values]))
        tops = raised
    else:
        tops = series
    high = max(value for _, values in tops for _, value in values)
    low = min(0, min(value for _, values in tops for _, value in values)) if panel["fieldConfig"]["defaults"].get("min") == 0 else min(value for _, values in tops for _, value in values)
    high = high if high > low else low + 1
    (first, last, step), left, bottom = span, 62, 4
    plot = height - 12 * math.ceil(sum(len(name) + 12 for name, _ in series) * 6.2 / width) - 14
    x = lambda at: left + (at - first) / (last - first) * (width - left - 4)
    y = lambda value: 4 + (high - value) / (high - low) * (plot - bottom - 8)
    parts = [f'<svg width="{width}" height="{plot}">']
    for share in (0, 0.5, 1):
        value = low + share * (high - low)
        parts.append(f'<line x1="{left}" x2="{width}" y1="{y(value):.1f}" y2="{y(value):.1f}" stroke="#ddd"/><text x="{left - 4}" y="{y(value) + 4:.1f}" text-anchor="end" font-size="10" fill="#666">{number(value, unit)}</text>')
    for place, (_, values) in enumerate(tops):
        # A gap in the answers stays a gap.
        path = "".join(f"{'M' if i == 0 or at - values[i - 1][0] > 1.5 * step else 'L'}{x(at):.1f} {y(value):.1f}" for i, (at, value) in enumerate(values))
        parts.append(f'<path d="{path}" fill="none" stroke="{COLOURS[place % len(COLOURS)]}" stroke-width="1.5" stroke-linecap="round"/>')
    names = " ".join(f'<span style="color:{COLOURS[i % len(COLOURS)]}"><b>–</b></span>&nbsp;{html.escape(name)}:&nbsp;{number(values[-1][1], unit)}&ensp;' for i, (name, values) in enumerate(series))
    return "".join(parts) + f'</svg><div class="legend">{names}</div>'


def table(panel, answers, *_):
    defaults, rows = panel["fieldConfig"]["defaults"], {}
    order = next(one["options"]["indexByName"] for one in panel["transformations"] if one["id"] == "organize")
    keys = sorted({label for _, found in answers for labels, _ in found for label in labels}, key=order.get)
    for target, found in answers:
        for labels, value in found:
            rows.setdefault(tuple(labels.get(key, "") for key in keys), {})[target["legendFormat"]] = value
    columns = [target["legendFormat"] for target, _ in answers]
    head = "".join(f"<th>{html.escape(name)}</th>" for name in keys + columns)
    middle = columns[min(1, len(columns) - 1)]
    body = "".join(
        "<tr>" + "".join(f"<td>{html.escape(text)}</td>" for text in key) + "".join(f"<td>{number(row.get(name, math.nan), defaults['unit'], defaults.get('decimals'))}</td>" for name in columns) + "</tr>"
        for key, row in sorted(rows.items(), key=lambda one: one[1].get(middle, 0)))
    return f"<table><tr>{head}</tr>{body}</table>" if rows else None


def bars(panel, answers, *_):
    unit = panel["fieldConfig"]["defaults"]["unit"]
    found = [(legend(target["legendFormat"], labels), value) for target, series in answers for labels, value in series]
    most = panel["fieldConfig"]["defaults"].get("max") or max((value for _, value in found), default=0) or 1
    return "".join(f'<div class="bar"><i style="width:{100 * value / most:.1f}%"></i><span><em>{html.escape(name)}</em><b>{number(value, unit)}</b></span></div>' for name, value in found) or None


def stat(panel, answers, *_):
    unit, mode = panel["fieldConfig"]["defaults"]["unit"], panel["options"].get("textMode")
    words = {key: one["text"] for mapping in panel["fieldConfig"]["defaults"].get("mappings", []) for key, one in mapping["options"].items()}
    found = [(legend(target["legendFormat"], labels), value) for target, series in answers for labels, value in series]
    text = " ".join(html.escape(name) if mode == "name" else words.get(f"{value:g}", number(value, unit)) + f" <small>{html.escape(name)}</small>" for name, value in found)
    text = text or panel["fieldConfig"]["defaults"].get("noValue")
    return f'<div class="stat">{text}</div>' if text else None


DRAWN = {"timeseries": lines, "table": table, "bargauge": bars, "gauge": bars, "stat": stat}


def variables(board, prometheus, given, interval):
    values = {"__rate_interval": interval}
    for variable in board["templating"]["list"]:
        if variable["type"] == "query":
            query = substituted(variable["query"]["query"], values)
            selector, label = re.fullmatch(r"label_values\((.+), (\w+)\)", query).groups()
            found = prometheus.get(f"label/{label}/values", **{"match[]": selector, "start": prometheus.start, "end": prometheus.end})
            values[variable["name"]] = given.get(variable["name"]) or variable.get("allValue") or (found[-1] if found else "")
    return values


def substituted(text, values):
    for name, value in values.items():
        text = text.replace("$" + name, value)
    return text


def page(board, prometheus, values):
    parts, bottom = [], 0
    for panel in board["panels"]:
        place = panel["gridPos"]
        width, height = place["w"] * COLUMN - GAP, place["h"] * ROW - GAP
        style = f'left:{place["x"] * COLUMN + GAP}px;top:{place["y"] * ROW + GAP}px;width:{width}px;height:{height}px'
        bottom = max(bottom, (place["y"] + place["h"]) * ROW)
        if panel["type"] == "row":
            parts.append(f'<div class="row" style="{style}">{html.escape(panel["title"])}</div>')
            continue
        ask = prometheus.now if panel["targets"][0]["instant"] else prometheus.over_time
        answers = [(target, ask(substituted(target["expr"], values))) for target in panel["targets"]]
        drawn = DRAWN[panel["type"]](panel, answers, width - 18, height - 26, (prometheus.start, prometheus.end, prometheus.step)) or '<div class="none">no data</div>'
        parts.append(f'<div class="panel" style="{style}"><div class="title">{html.escape(panel["title"])}</div>{drawn}</div>')
    subject = "".join(f" · {name} {value}" for name, value in values.items() if not name.startswith("__") and value != ".*")
    return f'<!doctype html><meta charset="utf-8"><style>{CSS}</style><h1>{html.escape(board["title"] + subject)}</h1><div class="board" style="height:{bottom + 2 * GAP}px">{"".join(parts)}</div>', bottom + 60


def photograph(text, height, out):
    browser = shutil.which("chromium") or sys.exit("preview: Chromium is not installed. Install it (Debian: chromium), or ask for a page: --out page.html.")
    with tempfile.TemporaryDirectory() as folder:
        source = pathlib.Path(folder, "page.html")
        source.write_text(text, encoding="utf-8")
        flags = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --hide-scrollbars --disable-background-networking --disable-component-update --disable-sync".split()
        subprocess.run(
            [browser, *flags, f"--user-data-dir={folder}/profile", f"--window-size={24 * COLUMN + 2 * GAP},{height}", f"--screenshot={out.resolve()}", source.as_uri()],
            check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=120)


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("dashboard", type=pathlib.Path)
    options.add_argument("--prometheus", default="http://127.0.0.1:9090", help="its address (default: %(default)s)")
    options.add_argument("--minutes", type=float, default=15, help="how far back (default: %(default)s)")
    options.add_argument("--interval", default="20s", help="$__rate_interval, four scrapes (default: %(default)s)")
    options.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="a variable of the dashboard (default: the last of its values)")
    options.add_argument("--out", type=pathlib.Path, required=True, help="an .html or .png file")
    given = options.parse_args()
    prometheus = Prometheus(given.prometheus, given.minutes)
    board = json.loads(given.dashboard.read_text(encoding="utf-8"))
    text, height = page(board, prometheus, variables(board, prometheus, dict(one.split("=", 1) for one in given.set), given.interval))
    if given.out.suffix == ".png":
        photograph(text, height, given.out)
    else:
        given.out.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()

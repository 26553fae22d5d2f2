//! A bar chart of a report, as SVG on standard output.

use crate::Result;
use serde_json::Value;
use std::fmt::Write;

/// The width of the picture, in SVG units.
const WIDTH: f64 = 720.0;
/// The width of the names and the bars.
const BOTH: f64 = 610.0;
/// The width of the column of names, unless one is too long, and the width of a letter.
const NAMES: f64 = 110.0;
const LETTER: f64 = 7.0;
const ROW: f64 = 22.0;
const TITLE: f64 = 34.0;

/// One bar.
struct Bar<'a> {
    name: &'a str,
    mean: f64,
    interval: f64,
}

pub fn run(file: &str) -> Result<()> {
    let report: Value = serde_json::from_str(&std::fs::read_to_string(file)?)?;
    print!("{}", draw(&report).ok_or("this is not a report")?);
    Ok(())
}

/// A panel for each case, each with its own scale; the bars of the first name are in colour.
fn draw(report: &Value) -> Option<String> {
    let unit = report["unit"].as_str()?;
    let mut panels: Vec<(&str, Vec<Bar>)> = Vec::new();
    for result in report["results"].as_array()? {
        let case = result["case"].as_str()?;
        let bar = Bar {
            name: result["name"].as_str()?,
            mean: result["mean"].as_f64()?,
            interval: result["interval"].as_f64()?,
        };
        match panels.last_mut() {
            Some((last, bars)) if *last == case => bars.push(bar),
            _ => panels.push((case, vec![bar])),
        }
    }

    let letters = panels.iter().flat_map(|(_, bars)| bars).map(|bar| bar.name.len()).max()?;
    let names = NAMES.max(LETTER * letters as f64 + 8.0);
    let rows: usize = panels.iter().map(|(_, bars)| bars.len()).sum();
    let height = TITLE * panels.len() as f64 + ROW * rows as f64 + 10.0;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" font-family=\"sans-serif\" \
         font-size=\"13\">\n<rect width=\"{WIDTH}\" height=\"{height}\" fill=\"#ffffff\"/>\n"
    );
    let mut y = 0.0;
    for (case, bars) in &panels {
        let longest = bars.iter().map(|bar| bar.mean + bar.interval).fold(f64::MIN_POSITIVE, f64::max);
        let scale = (BOTH - names) / longest;
        y += TITLE;
        writeln!(svg, "<text x=\"{names}\" y=\"{}\" font-weight=\"bold\">{case}, {unit} a key</text>", y - 8.0).ok()?;
        for (i, bar) in bars.iter().enumerate() {
            let colour = if i == 0 { "#c2410c" } else { "#94a3b8" };
            let (length, middle) = (bar.mean * scale, y + ROW / 2.0);
            let (from, to) = (names + (bar.mean - bar.interval) * scale, names + (bar.mean + bar.interval) * scale);
            write!(
                svg,
                "<text x=\"{}\" y=\"{}\" text-anchor=\"end\">{}</text>\n\
                 <rect x=\"{names}\" y=\"{}\" width=\"{length:.1}\" height=\"{}\" fill=\"{colour}\"/>\n\
                 <path d=\"M{from:.1} {middle}H{to:.1}\" stroke=\"#334155\"/>\n\
                 <text x=\"{:.1}\" y=\"{}\">{:.1}</text>\n",
                names - 8.0,
                middle + 4.5,
                bar.name,
                y + 3.0,
                ROW - 6.0,
                to + 6.0,
                middle + 4.5,
                bar.mean,
            )
            .ok()?;
            y += ROW;
        }
    }
    svg += "</svg>\n";
    Some(svg)
}

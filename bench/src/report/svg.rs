//! The paper of all pictures: readable on a light and on a dark page.

const STYLE: &str = "text{font:13px system-ui,sans-serif;fill:#222}.title{font-size:15px;font-weight:600}.quiet{fill:#666}\
.one{fill:#2f6fb3}.two{fill:#c2571a}.end{stroke:#222;stroke-width:1.5}.grid{stroke:#ddd}\
.line{fill:none;stroke:#2f6fb3;stroke-width:2}.line2{fill:none;stroke:#c2571a;stroke-width:2}\
.line3{fill:none;stroke:#3a8a4d;stroke-width:2}.paper{fill:#fff}\
@media (prefers-color-scheme:dark){text{fill:#ddd}.quiet{fill:#999}.one{fill:#6aa6e6}.two{fill:#f0945a}.end{stroke:#eee}\
.grid{stroke:#3a3a3a}.line{stroke:#6aa6e6}.line2{stroke:#f0945a}.line3{stroke:#7cc98f}.paper{fill:#161616}}";

/// A picture `width` wide and `height` high with `inner` on it.
pub fn paper(width: f64, height: f64, title: &str, inner: &str) -> String {
    let title = escaped(title);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"{title}\">\n\
         <style>{STYLE}</style>\n<rect class=\"paper\" width=\"{width}\" height=\"{height}\"/>\n\
         <text class=\"title\" x=\"16\" y=\"26\">{title}</text>\n{inner}</svg>\n"
    )
}

/// A text at a place, with a class and an anchor.
pub fn text(x: f64, y: f64, class: &str, anchor: &str, content: &str) -> String {
    let content = escaped(content);
    format!("<text class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{content}</text>\n")
}

/// A straight line.
pub fn line(class: &str, from: (f64, f64), to: (f64, f64)) -> String {
    let ((x1, y1), (x2, y2)) = (from, to);
    format!("<line class=\"{class}\" x1=\"{x1:.1}\" y1=\"{y1:.1}\" x2=\"{x2:.1}\" y2=\"{y2:.1}\"/>\n")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

//! The page at `/`: which storefronts there are, and where to go from here.

use axum::body::Body;
use http::{Response, StatusCode};

use crate::probes::text;

/// The page that lists what is mounted: each with its prefix, where one begins, its title, and where to look. `before` stands before all
/// paths.
pub(crate) fn page(
    before: &str,
    mounts: impl Iterator<Item = (String, String, String, Vec<String>)>,
) -> Response<Body> {
    let mut list = String::new();
    for (prefix, start, title, paths) in mounts {
        let links: Vec<String> = paths
            .iter()
            .map(|path| format!("<a href=\"{before}{0}/{1}\">{1}</a>", escaped(&prefix), escaped(path)))
            .collect();
        list.push_str(&format!(
            "<li><h2><a href=\"{before}{0}\">{1}</a></h2><p>{2}</p></li>\n",
            escaped(&start),
            escaped(&title),
            links.join(" · ")
        ));
    }
    let page = format!(
        "<!doctype html>\n<html lang=\"ko\"><head><meta charset=\"utf-8\"><title>maejin</title>\
         <meta name=\"viewport\" content=\"width=device-width\"><style>body{{font:1rem/1.5 system-ui,sans-serif;\
         max-width:46rem;margin:3rem auto;padding:0 1rem}}ul{{list-style:none;padding:0}}h2{{margin:1.2rem 0 0}}\
         p{{margin:.2rem 0}}</style></head><body><h1>매진 maejin</h1>\n<ul>\n{list}</ul>\n\
         <p>On the command line: <code>maejin orders list</code>, <code>maejin --help</code></p>\n\
         <p><a href=\"{before}/healthz\">healthz</a> · <a href=\"{before}/readyz\">readyz</a> · <a href=\"{before}/metrics\">metrics</a></p>\
         </body></html>\n"
    );
    text(StatusCode::OK, "text/html; charset=utf-8", page)
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_title_cannot_bring_markup() {
        assert_eq!(super::escaped("<b>\"&"), "&lt;b>&quot;&amp;");
    }
}

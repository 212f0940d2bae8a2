//! Pages to be printed: HTML written with every text escaped, without scripts, and whether a reader asked for one.

use std::fmt::Write as _;
use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::digest;

/// The media type of a page.
pub const CONTENT_TYPE: &str = "text/html; charset=utf-8";

/// How pages look: large plain type, much space, nothing that paper or a screen reader would lose.
const STYLE: &str = "body{font:1.25rem/1.6 Verdana,Arial,sans-serif;color:#000;background:#fff;max-width:42rem;margin:2rem auto;\
    padding:0 1rem}h1{font-size:1.8rem;line-height:1.3}h2{font-size:1.3rem;margin:2rem 0 .5rem}ul{list-style:none;margin:0;padding:0}\
    li.line{border-top:2px solid #000;padding:1rem 0;break-inside:avoid}dl{margin:.5rem 0 0}dt{font-weight:bold}dd{margin:0 0 .5rem}\
    p{margin:.5rem 0}@media print{body{font-size:13pt;margin:0;max-width:none}}";

/// What a browser may do with a page: show it in its own style, and nothing else.
static POLICY: LazyLock<String> = LazyLock::new(|| {
    let style = STANDARD.encode(digest::digest(&digest::SHA256, STYLE.as_bytes()));
    format!(
        "default-src 'none'; style-src 'sha256-{style}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
});

/// The `Content-Security-Policy` of every page.
pub fn policy() -> &'static str {
    &POLICY
}

/// Whether these `Accept` headers ask for HTML rather than for JSON, which is what is answered otherwise.
pub fn is_preferred<'a>(accept: impl IntoIterator<Item = &'a str>) -> bool {
    let (mut html, mut json) = (0.0_f32, 0.0_f32);
    for range in accept.into_iter().flat_map(|header| header.split(',')) {
        let mut parts = range.split(';').map(str::trim);
        let media = parts.next().unwrap_or_default();
        let quality = parts
            .find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")))
            .map_or(Some(1.0), |text| text.parse::<f32>().ok())
            .filter(|quality| (0.0..=1.0).contains(quality))
            .unwrap_or(0.0);
        if media.eq_ignore_ascii_case("text/html") {
            html = html.max(quality);
        } else if media.eq_ignore_ascii_case("application/json") {
            json = json.max(quality);
        }
    }
    html > json
}

/// A page in the making. Tags are literals of the program; whatever is not goes in as text.
pub struct Page(String);

impl Page {
    /// A page of this title, in English; its body is open.
    pub fn new(title: &str) -> Self {
        let mut page = Self(String::with_capacity(16 * 1024));
        page.tag("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>");
        page.text(title);
        page.tag(
            "</title>\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<style>",
        );
        page.tag(STYLE);
        page.tag("</style>\n</head>\n<body>\n");
        page
    }

    /// Markup of the program's own.
    pub fn tag(&mut self, literal: &'static str) -> &mut Self {
        self.0.push_str(literal);
        self
    }

    /// A text, escaped for the body of an element and for a quoted attribute.
    pub fn text(&mut self, text: &str) -> &mut Self {
        for c in text.chars() {
            match c {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '"' => self.0.push_str("&quot;"),
                '\'' => self.0.push_str("&#39;"),
                // A control would be no character of HTML; marks that turn the writing around would hide what stands there.
                c if c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}') => {
                    self.0.push(' ');
                }
                c => self.0.push(c),
            }
        }
        self
    }

    /// One paragraph.
    pub fn paragraph(&mut self, text: &str) -> &mut Self {
        self.tag("<p>").text(text).tag("</p>\n")
    }

    /// A term and what is said of it, within a list of such.
    pub fn said(&mut self, term: &'static str, text: &str) -> &mut Self {
        self.tag("<dt>").tag(term).tag("</dt><dd>").text(text).tag("</dd>\n")
    }

    /// A moment as a time element: as machines read it, and as people do.
    pub fn time(&mut self, moment: jiff::Timestamp, words: &str) -> &mut Self {
        let _infallible = write!(self.0, "<time datetime=\"{moment}\">");
        self.text(words).tag("</time>")
    }

    /// The whole page.
    pub fn finish(mut self) -> String {
        self.tag("</body>\n</html>\n");
        self.0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn html_is_answered_to_who_prefers_it_and_json_to_everybody_else() {
        let browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
        for accept in
            [browser, "text/html", "TEXT/HTML; charset=utf-8", "application/json;q=0.5, text/html;q=0.9"]
        {
            assert!(is_preferred([accept]), "{accept}");
        }
        for accept in [
            "",
            "*/*",
            "application/json",
            "text/html;q=0",
            "text/html;q=x",
            "text/html, application/json",
            "text/htmlx",
        ] {
            assert!(!is_preferred([accept]), "{accept}");
        }
        assert!(is_preferred(["application/json;q=0.1", "text/html"]));
        assert!(!is_preferred([]));
    }

    #[test]
    fn the_policy_admits_the_pages_own_style_and_nothing_else() {
        let hash = STANDARD.encode(digest::digest(&digest::SHA256, STYLE.as_bytes()));
        assert!(policy().starts_with("default-src 'none'; "));
        assert!(policy().contains(&format!("style-src 'sha256-{hash}';")));
        assert!(!policy().contains("unsafe") && !policy().contains("script"));
        let page = Page::new("x").finish();
        assert!(page.contains(&format!("<style>{STYLE}</style>")), "what is hashed is what is sent");
    }

    proptest! {
        #[test]
        fn no_text_becomes_markup(text in any::<String>()) {
            let mut page = Page(String::new());
            page.text(&text);
            prop_assert!(!page.0.contains(['<', '>', '"', '\'']));
            let read_back = page.0.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"")
                .replace("&#39;", "'").replace("&amp;", "&");
            prop_assert_eq!(read_back.chars().count(), text.chars().count());
        }
    }
}

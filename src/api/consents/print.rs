//! The preview of a consent as a page to be read out or printed: large type, and nothing that tells whoever finds it what the person may
//! keep to herself.

use crate::api::page::Page;
use crate::domain::consent::preview::{A_SERVICE, ConsentPreview, RecipientInWords};

/// The page.
pub(super) fn print(preview: &ConsentPreview) -> String {
    let mut page = Page::new("Who could see what");
    page.tag("<main>\n<h1>Who could see what</h1>\n");
    if preview.recipients.is_empty() {
        page.paragraph("By this consent nobody is shown anything.");
    }
    for recipient in &preview.recipients {
        write_recipient(&mut page, recipient);
    }
    write_list(
        &mut page,
        "<h2>What else holds</h2>\n",
        preview.conditions_on_paper.iter().map(String::as_str),
    );
    write_list(&mut page, "<h2>If you take it back</h2>\n", preview.taking_back.iter().copied());
    write_list(&mut page, "<h2>What goes on without it</h2>\n", preview.goes_on.iter().copied());
    // On every page, so that it tells nothing of this one.
    page.paragraph(
        "A page may be found by others, so some names and some things are left out. Your worker can read you everything.",
    );
    page.tag("</main>\n");
    page.finish()
}

fn write_recipient(page: &mut Page, recipient: &RecipientInWords) {
    let name = recipient.name_on_paper.as_deref().unwrap_or(A_SERVICE);
    page.tag("<h2>").text(name).tag("</h2>\n");
    for sentence in &recipient.says_on_paper {
        page.paragraph(sentence);
    }
}

fn write_list<'s>(page: &mut Page, title: &'static str, sentences: impl Iterator<Item = &'s str>) {
    let mut sentences = sentences.peekable();
    if sentences.peek().is_some() {
        page.tag(title);
    }
    for sentence in sentences {
        page.paragraph(sentence);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_tells_something_does_not_stand_on_paper() {
        let recipient = |name: &str, on_paper: Option<&str>| RecipientInWords {
            recipient: "lantern".parse().unwrap(),
            recipient_name: name.to_owned(),
            says: vec!["For your treatment, it could see: sex work.".to_owned()],
            name_on_paper: on_paper.map(str::to_owned),
            says_on_paper: vec!["For your treatment, it could see: <your> plan.".to_owned()],
        };
        let preview = ConsentPreview {
            lines: Vec::new(),
            recipients: vec![recipient("Lantern", None), recipient("Testhomes", Some("Testhomes"))],
            conditions: vec!["These are shown nothing: Lantern.".to_owned()],
            conditions_on_paper: vec!["It counts until 1 May 2027.".to_owned()],
            taking_back: vec!["A referral is called off."],
            goes_on: vec!["Each service keeps what it wrote itself."],
        };
        let page = print(&preview);
        for said in [A_SERVICE, "Testhomes", "&lt;your&gt; plan", "1 May 2027", "called off", "keeps"] {
            assert!(page.contains(said), "{said}: {page}");
        }
        for kept in ["Lantern", "sex work"] {
            assert!(!page.contains(kept), "{kept}: {page}");
        }
    }
}

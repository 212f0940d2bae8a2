//! A person's whole account as a page to be printed, for somebody who may read with difficulty.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::api::page::Page;
use crate::domain::account::{AccountRow, WholeAccountView, words};
use crate::vocabulary::Outcome;

/// The page. It bears no name: whoever finds it does not learn whose it is.
pub(super) fn print(account: &WholeAccountView) -> String {
    let mut page = Page::new("Who has used what is held about you");
    page.tag("<main>\n<h1>Who has used what is held about you</h1>\n");
    page.paragraph(&format!(
        "You asked at {}. This list was made on {}.",
        account.asked_at,
        day(account.read_at)
    ));
    page.paragraph(&format!(
        "Questions? Ask for {}, telephone {}.",
        account.contact.role, account.contact.telephone
    ));
    page.tag("<h2>What was done</h2>\n");
    if account.disclosures.is_empty() {
        page.paragraph("There is nothing in this list.");
    } else {
        // A list that shows no marks is read out as one only if it says that it is one.
        page.tag("<ul role=\"list\">\n");
        for row in &account.disclosures {
            line(&mut page, row);
        }
        page.tag("</ul>\n");
    }
    if account.next.is_some() {
        page.paragraph("The list goes on. Ask for the next sheet.");
    }
    page.tag("<h2>What to know about this list</h2>\n");
    for note in &account.notes {
        page.paragraph(note);
    }
    page.tag("<h2>Your rights</h2>\n");
    for right in RIGHTS {
        page.paragraph(right);
    }
    page.tag("</main>\n");
    page.finish()
}

/// Article 15(1)(e) and (f) UK GDPR, in plain words.
const RIGHTS: [&str; 3] = [
    "If something about you is wrong, you can ask for it to be put right.",
    "You can ask a service to erase what it holds about you, or to stop using it. It will tell you whether it must.",
    "You can complain. Ask the service first. You can also complain to the Information Commissioner: telephone 0303 123 1113, ico.org.uk.",
];

fn line(page: &mut Page, row: &AccountRow) {
    page.tag("<li class=\"line\">\n<p>");
    page.time(row.recorded_at, &format!("{}, {}", day(row.recorded_at), hour(row.recorded_at)));
    let who = match row.role {
        Some(role) => format!(": {role} of {} {}.", row.agency, row.what),
        None => format!(": {} {}.", row.agency, row.what),
    };
    page.text(&who).tag("</p>\n<dl>\n");
    if let Some(purpose) = row.purpose {
        page.said("Why", purpose);
    }
    if !row.segments.is_empty() {
        let segments: Vec<&str> = row.segments.iter().copied().map(words::segment).collect();
        page.said("What was shown", &segments.join("; "));
    }
    if let Some(basis) = row.basis.filter(|_| row.outcome == Outcome::Permitted) {
        page.said("Why it was allowed", basis);
    }
    page.said("How it ended", words::outcome(row.outcome));
    page.said(
        "Whom to ask",
        &format!("{}, {}, telephone {}", row.agency, row.contact.role, row.contact.telephone),
    );
    page.tag("</dl>\n</li>\n");
}

fn day(moment: Timestamp) -> String {
    civil(moment, "%-d %B %Y")
}

fn hour(moment: Timestamp) -> String {
    civil(moment, "%H:%M")
}

fn civil(moment: Timestamp, form: &str) -> String {
    let london = TimeZone::get("Europe/London").unwrap_or(TimeZone::UTC);
    moment.to_zoned(london).strftime(form).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::account::DutyContact;
    use crate::id::Handle;
    use crate::vocabulary::Segment;

    fn contact() -> DutyContact {
        DutyContact { role: "duty <worker>".to_owned(), telephone: "01632 960100".to_owned() }
    }

    fn account() -> WholeAccountView {
        WholeAccountView {
            request: Handle::random(),
            read_at: "2026-06-01T23:30:00Z".parse().unwrap(),
            asked_at: "Northmoor & <b>Eastvale</b>".to_owned(),
            contact: contact(),
            disclosures: vec![AccountRow {
                recorded_at: "2026-03-02T10:05:00Z".parse().unwrap(),
                agency: "\"Testhomes\" <script>alert(1)</script>".to_owned(),
                role: Some("a housing officer"),
                what: "looked at what is held about you",
                purpose: Some("helping you with housing"),
                segments: vec![Segment::Identity, Segment::Housing],
                basis: Some("you agreed to it"),
                outcome: Outcome::Permitted,
                contact: contact(),
            }],
            notes: vec!["A note."],
            next: None,
        }
    }

    #[test]
    fn what_comes_from_outside_is_text_on_the_page() {
        let page = print(&account());
        assert!(!page.contains("<script") && !page.contains("<b>") && !page.contains("<worker>"), "{page}");
        assert!(page.contains("Northmoor &amp; &lt;b&gt;Eastvale&lt;/b&gt;"));
        assert!(page.contains("&quot;Testhomes&quot; &lt;script&gt;"));
    }

    #[test]
    fn a_line_says_in_words_who_when_what_why_and_whom_to_ask() {
        let page = print(&account());
        assert!(page.contains(
            "<time datetime=\"2026-03-02T10:05:00Z\">2 March 2026, 10:05</time>: a housing officer of "
        ));
        assert!(page.contains("<dt>Why</dt><dd>helping you with housing</dd>"));
        assert!(page.contains("<dt>What was shown</dt><dd>who you are; your housing</dd>"));
        assert!(page.contains("<dt>Why it was allowed</dt><dd>you agreed to it</dd>"));
        assert!(page.contains("made on 2 June 2026."), "civil time: in June the clocks are an hour ahead");
        assert!(!page.contains("The list goes on."));
    }

    #[test]
    fn a_refused_line_gives_no_reason_why_it_was_allowed_and_a_longer_list_says_so() {
        let mut account = account();
        account.disclosures[0].outcome = Outcome::Refused;
        account.next = Some("cursor".to_owned());
        let page = print(&account);
        assert!(!page.contains("Why it was allowed") && page.contains("It was refused"));
        assert!(page.contains("The list goes on.") && !page.contains("cursor"));
    }
}

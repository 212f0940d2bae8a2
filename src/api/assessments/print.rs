//! A notice as a page to be printed, in large type and plain words, for somebody who may read with difficulty.

use crate::api::page::Page;
use crate::domain::assessment::NoticePaper;
use crate::domain::assessment::codes::NoticeKind;
use crate::domain::minute::Minute;

/// The page.
pub(super) fn print(notice: &NoticePaper) -> String {
    let title = match notice.notice {
        NoticeKind::Ra1 => "You must come to an appointment",
        NoticeKind::Ra2 => "Your appointment has changed",
        NoticeKind::FollowUp => "You must come to a second appointment",
    };
    let mut page = Page::new(title);
    page.tag("<main>\n<h1>").text(title).tag("</h1>\n");
    if let Some(name) = &notice.name {
        page.paragraph(name);
    }
    page.tag("<dl>\n");
    page.said("When", &moment(notice.at));
    page.said("Where", &notice.place);
    page.tag("</dl>\n<h2>What you must do</h2>\n");
    page.paragraph(notice.requirement);
    page.tag("<h2>If you do not come</h2>\n");
    page.paragraph(notice.consequence);
    page.tag("<h2>Telephone</h2>\n");
    page.paragraph(&notice.telephone);
    if let Some(telephone) = &notice.telephone_out_of_hours {
        page.paragraph(&format!("At night and at weekends: {telephone}"));
    }
    page.paragraph(notice.source);
    page.tag("</main>\n");
    page.finish()
}

fn moment(at: Minute) -> String {
    at.as_datetime().strftime("%A %-d %B %Y, %H:%M").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::assessment::codes::AppointmentKind;

    #[test]
    fn it_says_when_where_that_she_must_and_what_follows() {
        let page = print(&NoticePaper {
            notice: NoticeKind::Ra1,
            appointment: AppointmentKind::Initial,
            name: Some("Testa <Alder>".to_owned()),
            at: "2026-04-03T10:00".parse().unwrap(),
            place: "1 Mill Lane & Court".to_owned(),
            requirement: "You must come.",
            consequence: "You can be taken to court.",
            telephone: "01632 960101".to_owned(),
            telephone_out_of_hours: Some("01632 960102".to_owned()),
            source: "Form RA1.",
        });
        assert!(page.contains("<title>You must come to an appointment</title>"), "{page}");
        assert!(page.contains("<dt>When</dt><dd>Friday 3 April 2026, 10:00</dd>"), "{page}");
        assert!(page.contains("<dt>Where</dt><dd>1 Mill Lane &amp; Court</dd>"), "{page}");
        for said in
            ["You must come.", "You can be taken to court.", "01632 960101", "01632 960102", "Form RA1."]
        {
            assert!(page.contains(said), "{said}");
        }
        assert!(page.contains("Testa &lt;Alder&gt;") && !page.contains("<Alder>"));
    }
}

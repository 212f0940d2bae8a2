//! The letter as a page to be printed, for somebody who may read with difficulty and may not be alone when reading.

use jiff::civil::{Date, Time};

use crate::api::page::Page;
use crate::domain::release::LetterView;

/// The page. Whoever finds it learns that somebody has an appointment somewhere, and no more.
pub(super) fn print(letter: &LetterView) -> String {
    let mut page = Page::new("Your appointment");
    page.tag("<main>\n<h1>Your appointment</h1>\n");
    if let Some(name) = &letter.name {
        page.paragraph(name);
    }
    match (letter.day, letter.time) {
        (Some(on), Some(at)) => {
            page.paragraph("You have an appointment.");
            page.tag("<dl>\n");
            page.said("When", &format!("{}, {}", day(on), hour(at)));
            if let Some(place) = &letter.place {
                page.said("Where", place);
            }
            if let Some(service) = &letter.service {
                page.said("With", service);
            }
            page.tag("</dl>\n");
            page.paragraph("Please come, even if you are late.");
        }
        _ => {
            page.paragraph("Please ring to get an appointment.");
        }
    }
    page.tag("<h2>Telephone</h2>\n");
    page.paragraph(&letter.telephone);
    if let Some(telephone) = &letter.telephone_out_of_hours {
        page.paragraph(&format!("At night and at weekends: {telephone}"));
    }
    if let Some(telephone) = &letter.telephone_crisis {
        page.paragraph(&format!("In a crisis: {telephone}"));
    }
    page.paragraph("You can ring at any time if you cannot come or need help.");
    page.tag("</main>\n");
    page.finish()
}

fn day(on: Date) -> String {
    on.strftime("%A %-d %B %Y").to_string()
}

fn hour(at: Time) -> String {
    at.strftime("%H:%M").to_string()
}

#[cfg(test)]
mod tests {
    use jiff::civil::{date, time};

    use super::*;

    fn letter() -> LetterView {
        LetterView {
            name: Some("Fixture <Cedar>".to_owned()),
            day: Some(date(2026, 6, 5)),
            time: Some(time(10, 0, 0, 0)),
            place: Some("1 Test Row".to_owned()),
            service: None,
            telephone: "01632 960101".to_owned(),
            telephone_out_of_hours: Some("01632 960102".to_owned()),
            telephone_crisis: Some("08081 570100".to_owned()),
        }
    }

    #[test]
    fn it_says_when_where_and_whom_to_ring_and_not_why() {
        let page = print(&letter());
        assert!(page.contains("<dt>When</dt><dd>Friday 5 June 2026, 10:00</dd>"), "{page}");
        assert!(
            page.contains("1 Test Row") && page.contains("01632 960101") && page.contains("01632 960102")
        );
        assert!(page.contains("In a crisis: 08081 570100"), "{page}");
        assert!(page.contains("Fixture &lt;Cedar&gt;") && !page.contains("<Cedar>"));
        for word in ["drug", "prison", "release", "dose", "CJIT", "<dt>With</dt>"] {
            assert!(!page.contains(word), "{word}");
        }
    }

    #[test]
    fn without_an_appointment_it_says_whom_to_ring() {
        let page = print(&LetterView { day: None, time: None, place: None, ..letter() });
        assert!(page.contains("Please ring to get an appointment.") && page.contains("01632 960101"));
    }
}

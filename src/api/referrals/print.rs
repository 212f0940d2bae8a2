//! The card of an anonymous slot as a page to be printed: large type, and nothing by which whoever finds it learns who it is for.

use crate::api::page::Page;
use crate::domain::referral::CardView;

/// The page.
pub(super) fn print(card: &CardView) -> String {
    let mut page = Page::new("Your appointment");
    page.tag("<main>\n<h1>Your appointment</h1>\n<dl>\n");
    page.said("When", &format!("{}, {}", card.day.strftime("%A %-d %B %Y"), card.time.strftime("%H:%M")));
    page.said("Where", &card.place);
    page.said("For", card.need.code());
    if let Some(service) = &card.service {
        page.said("With", service);
    }
    page.tag("</dl>\n");
    page.paragraph("Please come, even if you are late. Show this card; you need not say your name.");
    page.tag("<h2>Telephone</h2>\n");
    page.paragraph(&card.telephone);
    if let Some(telephone) = &card.telephone_out_of_hours {
        page.paragraph(&format!("At night and at weekends: {telephone}"));
    }
    if let Some(telephone) = &card.telephone_crisis {
        page.paragraph(&format!("In a crisis: {telephone}"));
    }
    page.tag("</main>\n");
    page.finish()
}

#[cfg(test)]
mod tests {
    use jiff::civil::{date, time};

    use super::*;
    use crate::domain::referral::model::Need;

    #[test]
    fn it_says_when_where_what_for_and_whom_to_ring() {
        let page = print(&CardView {
            day: date(2026, 12, 1),
            time: time(10, 0, 0, 0),
            place: "1 <Test> Row".to_owned(),
            need: Need::Support,
            service: None,
            telephone: "01632 960151".to_owned(),
            telephone_out_of_hours: None,
            telephone_crisis: Some("08081 570100".to_owned()),
        });
        for said in [
            "Tuesday 1 December 2026, 10:00",
            "1 &lt;Test&gt; Row",
            "<dt>For</dt><dd>support</dd>",
            "01632 960151",
            "In a crisis: 08081 570100",
        ] {
            assert!(page.contains(said), "{said}: {page}");
        }
        assert!(!page.contains("<dt>With</dt>") && !page.contains("At night"));
    }
}

//! A page of the pack as it is printed for who attends: what may not pass leaves no gap.

use crate::api::page::Page;
use crate::domain::meeting::PageView;

/// The page.
pub(super) fn print(view: &PageView) -> String {
    let mut page = Page::new("For the meeting");
    page.tag("<main>\n<h1>");
    page.text(&view.meeting);
    page.tag("</h1>\n<dl>\n");
    page.said("On", &view.on.strftime("%A %-d %B %Y").to_string());
    page.said("From", view.from.as_str());
    if let Some(name) = &view.name {
        page.said("Name", name);
    }
    if let Some(born) = view.date_of_birth {
        page.said("Born", &born.strftime("%-d %B %Y").to_string());
    }
    for cohort in &view.cohorts {
        page.said("Cohort", cohort.code());
    }
    let says = &view.says;
    for (what, said) in [
        ("Attendance", &says.attendance),
        ("Orders and offending", &says.offending),
        ("Care plan", &says.care_plan),
        ("Housing", &says.housing),
        ("Work, training and money", &says.employment_finance),
        ("Risk", &says.risk),
    ] {
        if let Some(said) = said {
            page.said(what, said);
        }
    }
    page.tag("</dl>\n");
    page.paragraph("For this meeting alone. Not to be copied or handed on; destroy it afterwards.");
    page.tag("</main>\n");
    page.finish()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::domain::dir::Cohort;
    use crate::domain::meeting::MeetingSays;
    use crate::id::Handle;

    #[test]
    fn it_says_what_was_released_and_nothing_of_what_was_not() {
        let page = print(&PageView {
            id: Handle::random(),
            client_ref: None,
            meeting: "<Northmoor> meeting".to_owned(),
            on: date(2026, 6, 16),
            from: "northmoor-probation".parse().unwrap(),
            name: None,
            date_of_birth: None,
            cohorts: vec![Cohort::PriorityProlific],
            says: MeetingSays { offending: Some("on licence".to_owned()), ..MeetingSays::default() },
        });
        for said in [
            "&lt;Northmoor&gt; meeting",
            "Tuesday 16 June 2026",
            "<dt>Cohort</dt><dd>priority-prolific</dd>",
            "on licence",
        ] {
            assert!(page.contains(said), "{said}: {page}");
        }
        assert!(!page.contains("Care plan") && !page.contains("<dt>Name"));
    }
}

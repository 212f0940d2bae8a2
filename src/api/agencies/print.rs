//! What families are given, as a page to be printed.

use crate::api::page::Page;
use crate::domain::agency::FamilyInformation;

/// The page.
pub(super) fn print(view: &FamilyInformation) -> String {
    let mut page = Page::new("For families");
    page.tag("<main>\n<h1>For families</h1>\n");
    for said in &view.says {
        page.paragraph(said);
    }
    page.tag("<h2>Whom to ring</h2>\n");
    for service in &view.services {
        page.paragraph(&format!("{}: {}", service.name, service.telephone));
        if let Some(telephone) = &service.telephone_out_of_hours {
            page.paragraph(&format!("At night and at weekends: {telephone}"));
        }
        if let Some(telephone) = &service.telephone_crisis {
            page.paragraph(&format!("In a crisis: {telephone}"));
        }
    }
    page.tag("</main>\n");
    page.finish()
}

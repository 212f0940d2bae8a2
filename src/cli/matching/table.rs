//! A CSV of people: which columns it may have, and one person a row.

use std::collections::HashSet;
use std::fs::File;
use std::io::{BufRead as _, BufReader, Seek as _};
use std::path::Path;

use csv::{Reader, ReaderBuilder, StringRecord};
use jiff::civil::Date;

use crate::people::birth::Birth;
use crate::people::details::{Details, RecordedSex};
use crate::people::identifiers::IdentifierKind;

/// Several values in one cell stand between these.
const VALUE_SEPARATOR: char = '|';

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Id,
    Forename,
    MiddleNames,
    Surname,
    Aliases,
    AliasForenames,
    AliasSurnames,
    DateOfBirth,
    AliasDobs,
    Sex,
    Postcode,
    PreviousPostcodes,
    Address,
    Identifier(IdentifierKind),
    /// Who holds the record: says nothing about who the person is.
    Agency,
}

impl Column {
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "forename" => Self::Forename,
            "middle_names" => Self::MiddleNames,
            "surname" => Self::Surname,
            "aliases" => Self::Aliases,
            "alias_forenames" => Self::AliasForenames,
            "alias_surnames" => Self::AliasSurnames,
            "date_of_birth" => Self::DateOfBirth,
            "alias_dobs" => Self::AliasDobs,
            "sex" => Self::Sex,
            "postcode" => Self::Postcode,
            "previous_postcodes" => Self::PreviousPostcodes,
            "address" => Self::Address,
            "nhs_number" => Self::Identifier(IdentifierKind::NhsNumber),
            "pnc_id" => Self::Identifier(IdentifierKind::PncId),
            "prison_number" => Self::Identifier(IdentifierKind::PrisonNumber),
            "crn" => Self::Identifier(IdentifierKind::Crn),
            "agency" => Self::Agency,
            _ => return None,
        })
    }
}

/// What is wrong with a table. Holds no value of it.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// Not to be read, or no CSV in UTF-8.
    #[error("cannot be read as CSV in UTF-8")]
    Csv(#[from] csv::Error),
    /// Not to be opened.
    #[error("cannot be opened")]
    Open(#[from] std::io::Error),
    /// A column that is none of those known, by its number, because its name might be a value of a table without a header.
    #[error("column {0} of the header is none of those known")]
    UnknownColumn(usize),
    /// A column that occurs twice.
    #[error("column {0} of the header occurs a second time")]
    SecondColumn(usize),
    /// The column of ids is missing.
    #[error("the column {0} is missing")]
    NoId(&'static str),
    /// A row without an id.
    #[error("line {0} has no id")]
    EmptyId(u64),
    /// An id that another row has: what is told of either could not be told apart.
    #[error("line {0} has the id of a line before")]
    SecondId(u64),
    /// A sex that is none of the codes.
    #[error("line {0} has a sex that is not M, F, U or empty")]
    Sex(u64),
}

/// The people of a table, one after another; holds one row at a time, and the ids of those before.
pub(super) struct People {
    reader: Reader<File>,
    columns: Vec<Column>,
    bytes: u64,
    row: StringRecord,
    /// How many line ends before a row are not yet counted where it begins: one, where they are two characters.
    uncounted_lines: u64,
    ids: HashSet<String>,
    unread_dates: Unread,
}

/// Values that are not what their column is for, and count as unknown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Unread {
    /// How many.
    pub count: usize,
    /// The line of the first.
    pub first_line: u64,
}

impl People {
    /// Opens a table whose ids stand in the named column.
    pub(super) fn open(file: &Path, id: &'static str) -> Result<Self, TableError> {
        let mut file = File::open(file)?;
        let bytes = file.metadata()?.len();
        let mut header = Vec::new();
        BufReader::new(&file).read_until(b'\n', &mut header)?;
        file.rewind()?;
        let uncounted_lines = u64::from(header.ends_with(b"\r\n"));
        let mut reader = ReaderBuilder::new().from_reader(file);
        let mut columns = Vec::new();
        for (number, name) in (1..).zip(reader.headers()?) {
            // Spreadsheet programs begin a file with a byte order mark.
            let name = name.trim_start_matches('\u{feff}').trim();
            let column = if name == id { Some(Column::Id) } else { Column::named(name) };
            let column = column.ok_or(TableError::UnknownColumn(number))?;
            if columns.contains(&column) {
                return Err(TableError::SecondColumn(number));
            }
            columns.push(column);
        }
        if !columns.contains(&Column::Id) {
            return Err(TableError::NoId(id));
        }
        Ok(Self {
            reader,
            columns,
            bytes,
            row: StringRecord::new(),
            uncounted_lines,
            ids: HashSet::new(),
            unread_dates: Unread::default(),
        })
    }

    /// How long the table is, in bytes.
    pub(super) const fn bytes(&self) -> u64 {
        self.bytes
    }

    /// The dates of birth so far that are no dates.
    pub(super) const fn unread_dates(&self) -> Unread {
        self.unread_dates
    }

    /// How many bytes of it are read.
    pub(super) fn read_bytes(&self) -> u64 {
        self.reader.position().byte()
    }

    /// The next person with the row's id.
    pub(super) fn next(&mut self) -> Result<Option<(String, Details)>, TableError> {
        if !self.reader.read_record(&mut self.row)? {
            return Ok(None);
        }
        let line = self.row.position().map_or(0, csv::Position::line) + self.uncounted_lines;
        let mut id = String::new();
        let mut details = Details::default();
        // The present values come first, wherever their columns stand.
        let (mut further_forenames, mut further_surnames) = (Vec::new(), Vec::new());
        let (mut further_births, mut further_postcodes) = (Vec::new(), Vec::new());
        for (column, cell) in self.columns.iter().zip(&self.row) {
            match column {
                Column::Id => cell.trim().clone_into(&mut id),
                Column::Forename => details.forenames = values(cell),
                Column::MiddleNames => details.middle_names = values(cell),
                Column::Surname => details.surnames = values(cell),
                Column::Aliases => details.aliases = values(cell),
                Column::AliasForenames => further_forenames = values(cell),
                Column::AliasSurnames => further_surnames = values(cell),
                Column::DateOfBirth => details.births = values(cell),
                Column::AliasDobs => further_births = values(cell),
                Column::Sex => details.sex = sex(cell).ok_or(TableError::Sex(line))?,
                Column::Postcode => details.postcodes = values(cell),
                Column::PreviousPostcodes => further_postcodes = values(cell),
                Column::Address => details.addresses = values(cell),
                Column::Identifier(kind) => {
                    details.identifiers.extend(values(cell).into_iter().map(|value| (*kind, value)));
                }
                Column::Agency => {}
            }
        }
        details.forenames.append(&mut further_forenames);
        details.surnames.append(&mut further_surnames);
        details.births.append(&mut further_births);
        details.postcodes.append(&mut further_postcodes);
        if id.is_empty() {
            return Err(TableError::EmptyId(line));
        }
        if !self.ids.insert(id.clone()) {
            return Err(TableError::SecondId(line));
        }
        let unread = details.births.iter().filter(|written| !is_date(written)).count();
        if unread > 0 && self.unread_dates.count == 0 {
            self.unread_dates.first_line = line;
        }
        self.unread_dates.count += unread;
        Ok(Some((id, details)))
    }
}

fn values(cell: &str) -> Vec<String> {
    cell.split(VALUE_SEPARATOR).map(str::trim).filter(|value| !value.is_empty()).map(str::to_owned).collect()
}

/// A system's placeholder such as 1900-01-01 is a date, though it says nothing.
fn is_date(written: &str) -> bool {
    Birth::parse(written).is_some() || written.parse::<Date>().is_ok()
}

/// `None` for what is no code; `Some(None)` for unknown.
fn sex(cell: &str) -> Option<Option<RecordedSex>> {
    match cell.trim() {
        "M" | "m" => Some(Some(RecordedSex::Male)),
        "F" | "f" => Some(Some(RecordedSex::Female)),
        "U" | "u" | "" => Some(None),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn people(text: &str) -> Result<Vec<(String, Details)>, TableError> {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(text.as_bytes()).unwrap();
        let mut people = People::open(file.path(), "record_id")?;
        let mut found = Vec::new();
        while let Some(person) = people.next()? {
            found.push(person);
        }
        Ok(found)
    }

    #[test]
    fn a_row_is_a_person_with_the_present_values_first() {
        let found = people(
            "alias_forenames,record_id,forename,sex,date_of_birth,alias_dobs,nhs_number\nTess|Tessa,R1,Testa,F,1990-05-17,1990-01-01,9434765919\n",
        )
        .unwrap();
        let [(id, details)] = found.as_slice() else { panic!() };
        assert_eq!(id, "R1");
        assert_eq!(details.forenames, ["Testa", "Tess", "Tessa"]);
        assert_eq!(details.births, ["1990-05-17", "1990-01-01"]);
        assert_eq!(details.sex, Some(RecordedSex::Female));
        assert_eq!(details.identifiers, [(IdentifierKind::NhsNumber, "9434765919".to_owned())]);
    }

    #[test]
    fn an_unknown_column_is_an_error_and_a_missing_one_is_not() {
        assert!(matches!(people("record_id,shoe_size\n"), Err(TableError::UnknownColumn(2))));
        assert!(matches!(people("record_id,sex,sex\n"), Err(TableError::SecondColumn(3))));
        assert!(matches!(people("forename\n"), Err(TableError::NoId("record_id"))));
        assert_eq!(people("\u{feff}record_id\nR1\n").unwrap().len(), 1);
    }

    #[test]
    fn a_table_is_read_as_a_spreadsheet_program_writes_it() {
        let found = people(
            "\u{feff}record_id,forename,surname,date_of_birth,postcode\r\nR1,\"Testa, called Tess\",ALDER,1990-05-17,\"NM1 4AQ|EV3 5TT\"\r\n\
             R2,\"\"\"Mocka\"\"\",,,\r\n",
        )
        .unwrap();
        let [(_, testa), (_, mocka)] = found.as_slice() else { panic!() };
        assert_eq!(testa.forenames, ["Testa, called Tess"]);
        assert_eq!(testa.postcodes, ["NM1 4AQ", "EV3 5TT"], "no line end belongs to a value");
        assert_eq!(mocka.forenames, ["\"Mocka\""]);
        assert!(mocka.surnames.is_empty() && mocka.births.is_empty() && mocka.postcodes.is_empty());
    }

    #[test]
    fn what_is_no_date_is_counted_and_no_error() {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        let dates = "record_id,date_of_birth,alias_dobs\nR1,1990-05-17,\nR2,17 May,about 1990|1990-01-01\nR3,1900-01-01,\nR4,,\n";
        file.write_all(dates.as_bytes()).unwrap();
        let mut people = People::open(file.path(), "record_id").unwrap();
        while people.next().unwrap().is_some() {}
        assert_eq!(people.unread_dates(), Unread { count: 2, first_line: 3 });
    }

    #[test]
    fn a_fault_is_told_by_its_line_and_never_by_its_value() {
        let fault = people("record_id,sex\nR1,M\nR2,Alder\n").unwrap_err();
        assert_eq!(fault.to_string(), "line 3 has a sex that is not M, F, U or empty");
        assert_eq!(people("record_id,sex\n,M\n").unwrap_err().to_string(), "line 2 has no id");
        assert!(people("record_id,sex\nR1\n").is_err(), "a row with too few cells");
        assert_eq!(
            people("record_id,sex\r\nR1,M\r\nR2,Alder\r\n").unwrap_err().to_string(),
            "line 3 has a sex that is not M, F, U or empty"
        );
        let twice = people("record_id\nAlder\nR2\nAlder\n").unwrap_err();
        assert_eq!(twice.to_string(), "line 4 has the id of a line before");
    }
}

"""Splink beside the matcher: the two models that it is compared with, unsupervised, on the same files.

Imported by people.py where Splink is installed. A model is trained and its threshold chosen on one population, and used on others.
"""

import logging
import time

import duckdb
import splink.comparison_level_library as levels
import splink.comparison_library as comparisons
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

CLEAN = """
create or replace table {table} as
with raw as (select * from read_csv('{path}', all_varchar = true, header = true)),
plain as (
    select {id} as unique_id, lower(strip_accents(coalesce(trim(forename), ''))) as f, lower(strip_accents(coalesce(trim(surname), ''))) as s,
        nullif(lower(strip_accents(coalesce(middle_names, ''))), '') as middle,
        try_cast(date_of_birth as date) as born, nullif(nullif(sex, 'U'), '') as sex,
        upper(replace(coalesce(postcode, ''), ' ', '')) as code, coalesce(previous_postcodes, '') as codes_before,
        nullif(replace(coalesce(nhs_number, ''), ' ', ''), '') as nhs, nullif(regexp_extract(coalesce(pnc_id, ''), '[0-9]{{2}}/[0-9]+[A-Z]$'), '') as pnc,
        nullif(prison_number, '') as prison, coalesce(alias_dobs, '') as dobs, lower(strip_accents(coalesce(aliases, ''))) as al,
        lower(strip_accents(coalesce(alias_forenames, ''))) as af, lower(strip_accents(coalesce(alias_surnames, ''))) as als
    from raw
)
select unique_id, nullif(f, '') as forename, nullif(s, '') as surname, case when f <> '' and s <> '' then f || ' ' || s end as full_name, middle,
    cast(born as varchar) as dob, sex, nhs, pnc, prison,
    case when code in ('NF11NF', 'NFA', '', 'ZZ993VZ') then null
         when regexp_matches(code, '[0-9][A-Z]{{2}}$') then code[:-4] || ' ' || code[-3:] else code end as postcode,
    list_distinct(list_filter([f || ' ' || s] || string_split(al, '|'), lambda x: trim(x) <> '')) as names,
    list_distinct(list_filter([f] || string_split(af, '|') || list_transform(string_split(al, '|'), lambda x: split_part(x, ' ', 1)), lambda x: trim(x) <> '')) as forenames,
    list_distinct(list_filter([s] || string_split(als, '|') || list_transform(string_split(al, '|'), lambda x: split_part(x, ' ', -1)), lambda x: trim(x) <> '')) as surnames,
    list_distinct(list_filter([coalesce(cast(born as varchar), '')] || string_split(dobs, '|'), lambda x: x <> '')) as dates,
    list_distinct(list_filter([code] || list_transform(string_split(codes_before, '|'), lambda x: replace(x, ' ', '')),
        lambda x: x not in ('NF11NF', 'NFA', '', 'ZZ993VZ'))) as postcodes
from plain
"""

IDENTIFIERS = ("nhs", "pnc", "prison")
RULES = [
    block_on("forename", "surname"),
    block_on("dob", "substr(forename, 1, 1)"),
    block_on("dob", "substr(surname, 1, 2)"),
    block_on("dob", "sex", "split_part(postcode, ' ', 1)"),
    block_on("postcode", "substr(forename, 1, 1)"),
    block_on("surname", "substr(dob, 1, 4)"),
    block_on("forename", "substr(dob, 1, 4)", "split_part(postcode, ' ', 1)"),
    block_on("surname", "substr(dob, 6, 5)"),
    block_on("substr(forename, 1, 2)", "substr(surname, 1, 2)", "substr(dob, 1, 4)"),
    block_on("substr(forename, 1, 2)", "substr(surname, 1, 2)", "substr(dob, 6, 5)"),
    "l.forename = r.surname and l.surname = r.forename",
]


def rules(with_identifiers):
    return [*(block_on(name) for name in IDENTIFIERS if with_identifiers), *RULES]


def identifiers(with_identifiers):
    return [comparisons.DamerauLevenshteinAtThresholds(name, 1) for name in IDENTIFIERS if with_identifiers]


def either(*sql):
    return levels.CustomLevel(" and ".join(sql), label_for_charts=" and ".join(sql))


def both_alike(threshold):
    return either(*(f"jaro_winkler_similarity({name}_l, {name}_r) >= {threshold}" for name in ("forename", "surname")))


def meet(column):
    return f"list_has_any({column}_l, {column}_r)"


def rarity(level, column):
    return level.configure(tf_adjustment_column=column)


def stock(with_identifiers):
    """What Splink's own library offers for people."""
    return rules(with_identifiers), [
        comparisons.ForenameSurnameComparison("forename", "surname", forename_surname_concat_col_name="full_name"),
        comparisons.DateOfBirthComparison("dob", input_is_string=True, invalid_dates_as_null=False),
        comparisons.PostcodeComparison("postcode"),
        comparisons.ExactMatch("sex"),
        *identifiers(with_identifiers),
    ]


def alias(with_identifiers):
    """The same with what is known beside: aliases, former names, other dates and former postcodes, as arrays."""
    names = [
        levels.CustomLevel("forename_l is null or forename_r is null or surname_l is null or surname_r is null", label_for_charts="null").configure(is_null_level=True),
        rarity(levels.ExactMatchLevel("full_name"), "full_name"),
        levels.CustomLevel("forename_l = surname_r and surname_l = forename_r", label_for_charts="reversed"),
        either(meet("names")),
        either("surname_l = surname_r", meet("forenames")),
        either(meet("forenames"), meet("surnames")),
        both_alike(0.92),
        both_alike(0.88),
        either("surname_l = surname_r", "substr(forename_l, 1, 1) = substr(forename_r, 1, 1)"),
        rarity(levels.ExactMatchLevel("surname"), "surname"),
        rarity(levels.ExactMatchLevel("forename"), "forename"),
        either(meet("surnames")),
        levels.ElseLevel(),
    ]
    swapped = "substr(dob_l, 1, 4) || '-' || substr(dob_l, 9, 2) || '-' || substr(dob_l, 6, 2) = dob_r"
    dates = [
        levels.NullLevel("dob"),
        levels.ExactMatchLevel("dob"),
        either(meet("dates")),
        levels.DamerauLevenshteinLevel("dob", 1),
        either(swapped),
        *(levels.AbsoluteDateDifferenceLevel("dob", input_is_string=True, threshold=threshold, metric=metric)
          for threshold, metric in ((1, "month"), (1, "year"), (10, "year"))),
        levels.ElseLevel(),
    ]
    places = [
        levels.NullLevel("postcode"),
        rarity(levels.ExactMatchLevel("postcode"), "postcode"),
        either(meet("postcodes")),
        either("split_part(postcode_l, ' ', 1) = split_part(postcode_r, ' ', 1)"),
        levels.ElseLevel(),
    ]
    return [*rules(with_identifiers), block_on("dob")], [
        comparisons.CustomComparison(names, output_column_name="name"),
        comparisons.CustomComparison(dates, output_column_name="date_of_birth"),
        comparisons.CustomComparison(places, output_column_name="place"),
        comparisons.ExactMatch("sex"),
        comparisons.ExactMatch("middle"),
        *identifiers(with_identifiers),
    ]


MODELS = {"stock": stock, "alias": alias}


class Splink:
    """One model; trained on a folder of files, it scores others."""

    def __init__(self, name, with_identifiers=True):
        self.with_identifiers = with_identifiers
        self.rules, self.comparisons = MODELS[name](with_identifiers)
        self.model = None

    def train(self, folder):
        linker = self.linker(folder, SettingsCreator(
            link_type="link_only", blocking_rules_to_generate_predictions=self.rules, comparisons=self.comparisons,
            retain_intermediate_calculation_columns=False))
        certain = [block_on("full_name", "dob"), *(block_on(name) for name in ("nhs", "pnc") if self.with_identifiers)]
        linker.training.estimate_probability_two_random_records_match(certain, recall=0.7 if self.with_identifiers else 0.4)
        linker.training.estimate_u_using_random_sampling(max_pairs=1e7, seed=1)
        for rule in ("dob", "full_name", "postcode", *(("nhs",) if self.with_identifiers else ())):
            linker.training.estimate_parameters_using_expectation_maximisation(block_on(rule))
        self.model = linker.misc.save_model_to_json()

    def score(self, folder):
        """Pairs as (query, record, weight), and how long the scoring took."""
        linker = self.linker(folder, self.model)
        begun = time.perf_counter()
        scored = linker.inference.predict(threshold_match_weight=-20)
        took = time.perf_counter() - begun
        rows = scored.as_duckdbpyrelation().select("source_dataset_l, unique_id_l, unique_id_r, match_weight").fetchall()
        return [(left, right, weight) if source == "presented" else (right, left, weight) for source, left, right, weight in rows], took

    @staticmethod
    def linker(folder, settings):
        logging.getLogger("splink").setLevel(logging.ERROR)
        connection = duckdb.connect()
        for table, path, key in (("presented", "presentations.csv", "query_id"), ("known", "index.csv", "record_id")):
            connection.execute(CLEAN.format(table=f"{table}_file", path=folder / path, id=key))
        api = DuckDBAPI(connection=connection)
        tables = [api.register(connection.table(f"{table}_file"), dataset_display_name=table) for table in ("presented", "known")]
        return Linker(tables, settings, log_level=logging.ERROR)

package io.syncline.store;

/**
 * The functions that a comparison asks of each row: what its columns say, as a canonical document, and in what that differs from its own document.
 * Columns that hold what no document can say, which only somebody who goes around the trigger can write, say nothing (null).
 */
final class ComparisonDdl {
    private final EntityTable table;

    ComparisonDdl(EntityTable table) {
        this.table = table;
    }

    /** A column that is null is a missing member where the row's own document has no such member, provided that this is the document that was hashed. */
    String said() {
        return table.fill("""
                create or replace function {said}(r {table}) returns text language plpgsql stable set timezone = 'UTC' as $$
                begin
                    return {document_of}(r, case when sha256(convert_to((r).document, 'UTF8')) = (r).hash then (r).document::jsonb else '{}' end);
                exception when data_exception then
                    return null;
                end $$""".replace("'{}'", "jsonb_build_object()"));
    }

    /** The run whose rollback left the row as it is, also where it was edited and edited back since; null where none did. */
    static String rolledBack(String row) {
        return """
                coalesce(syncline.rolled_back_by({r}.snapshot_id), (select syncline.rolled_back_by(h.from_snapshot) from {history} h
                    where h.row_id = {r}.row_id and h.hash = {r}.hash and syncline.rolled_back_by(h.from_snapshot) is not null
                    order by h.revision desc limit 1))""".replace("{r}", row);
    }

    String problem() {
        return table.fill("""
                create or replace function {problem_of}(r {table}) returns text language plpgsql stable set timezone = 'UTC' as $$
                begin
                    if (r).document = '' then
                        return null;
                    end if;
                    if sha256(convert_to((r).document, 'UTF8')) <> (r).hash then
                        return 'has a document that is not the one its hash was made of';
                    end if;
                    if (r).{side_base} is null and (r).{side_hash} <> '\\x' and (r).deleted_at is not null then
                        return coalesce('is deleted, because run ' || {rolled_back} || ' was rolled back', 'is deleted, and nobody deleted it');
                    end if;
                    if (r).{side_base} is null and (r).{side_hash} <> '\\x' and (r).{side_hash} <> (r).hash then
                        return coalesce('says what it said before run ' || {rolled_back} || ', which was rolled back',
                                        'says something else than was agreed, and nobody edited it');
                    end if;
                    return (select p.problem from (select (r).document::jsonb as d offset 0) as parsed, lateral (select case\s"""
                .replace("{rolled_back}", rolledBack("(r)"))) + new ProblemsDdl(table).checks()
                + table.fill("""

                        end) as p (problem));
                end $$""");
    }
}

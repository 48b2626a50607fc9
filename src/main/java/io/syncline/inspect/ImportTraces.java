package io.syncline.inspect;

import io.syncline.config.ImportConfig;
import io.syncline.config.ImportConfig.Supplier;
import org.springframework.jdbc.core.simple.JdbcClient;

import java.util.List;
import java.util.Map;

/** What reports of imports quote of a record: lines that belonged to it, or named it before it was known. */
final class ImportTraces {
    private static final String NAMES = """
            select distinct said.document::jsonb ->> by.field from unnest(:fields::text[]) as by (field), (
                select document from {table} where row_id = :row and org_id = :organisation
                union select document from {history} where row_id = :row and org_id = :organisation
                union select unnest(array[before, after]) from syncline.local_edit
                      where sync = {sync} and entity = {entity} and organisation = :organisation and row_id = :row
                union select document from syncline.attention
                      where sync = {sync} and entity = {entity} and organisation = :organisation and (row_id = :row or key = :key or subject = :key)) said
            where said.document <> '' and said.document::jsonb ->> by.field <> ''""";
    /** A name of a letter or two stands in every text; what the record was named by is known apart from that. */
    private static final String QUOTED = "exists (select from unnest(:names::text[]) name where length(name) > 2 and position(name in {text}) > 0)";
    private static final String ABOUT = """
            (each ->> 'row')::bigint is not distinct from :row or each ->> 'foundBy' = any(:names::text[])""";
    private static final String ERASE = """
            update syncline.import_file f set
                problems = (select coalesce(jsonb_agg(case when {quoted} or exists (select from jsonb_array_elements(f.about) each
                                                                where each -> 'line' = p.problem -> 'line' and ({about}))
                                                      then p.problem || '{"problem": "erased"}' else p.problem end order by p.place), '[]')
                            from jsonb_array_elements(f.problems) with ordinality as p (problem, place)),
                about = (select coalesce(jsonb_agg(each), '[]') from jsonb_array_elements(f.about) each where ({about}) is not true),
                message = case when {message_quotes} then 'erased' else f.message end
            from syncline.import_run r
            where r.id = f.import_run and r.sync = {sync} and r.import = any(:imports::text[]) and f.organisation = :organisation
              and ({message_quotes} or exists (select from jsonb_array_elements(f.about) each where {about})
                   or exists (select from jsonb_array_elements(f.problems) as p (problem) where {quoted}))"""
            .replace("{message_quotes}", QUOTED.replace("{text}", "coalesce(f.message, '')")).replace("{quoted}", QUOTED.replace("{text}",
                    "p.problem ->> 'problem'")).replace("{about}", ABOUT);

    private final JdbcClient sql;

    ImportTraces(JdbcClient sql) {
        this.sql = sql;
    }

    /** Before anything of the record is erased. */
    List<String> names(Place place, Map<String, Object> parameters) {
        String[] fields = filling(place).stream().flatMap(each -> each.suppliers().stream()).map(Supplier::findBy).distinct().toArray(String[]::new);
        return sql.sql(place.table().fill(NAMES)).params(parameters).param("fields", fields).query(String.class).list();
    }

    void erase(Place place, Map<String, Object> parameters, List<String> names) {
        sql.sql(place.table().fill(ERASE)).params(parameters).param("names", names.toArray(String[]::new))
                .param("imports", filling(place).stream().map(ImportConfig::name).toArray(String[]::new)).update();
    }

    private static List<ImportConfig> filling(Place place) {
        return place.sync().imports().stream().filter(each -> each.table().references().equals(place.entity().name())).toList();
    }
}

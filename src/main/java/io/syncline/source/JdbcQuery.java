package io.syncline.source;

import io.syncline.config.SourceConfig.JdbcResource;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The statements around a declared query. Names are quoted, values are bound; PostgreSQL itself renders a row as JSON, so that numbers, times and
 * bytes are exactly its own.
 */
record JdbcQuery(String sql, Map<String, Object> values) {
    /** One row more than the page holds is asked for: it tells whether there is a next page, and whether the key is one. */
    static JdbcQuery page(JdbcResource resource, Instant since, List<String> after) {
        Map<String, Object> values = new LinkedHashMap<>();
        List<String> conditions = new ArrayList<>();
        if (after != null) {
            conditions.add("(" + columns(resource) + ") > (" + bound(after, values) + ")");
        }
        since(resource, since, conditions, values);
        return new JdbcQuery("select to_json(q)::text as record, " + keys(resource) + from(resource, conditions)
                + " order by " + columns(resource) + " limit " + (resource.pageSize() + 1L), values);
    }

    /** What time it is there, and whether a row lacks a value in its key: such a row would be on no page. */
    static JdbcQuery start(JdbcResource resource, Instant since) {
        Map<String, Object> values = new LinkedHashMap<>();
        List<String> conditions = new ArrayList<>();
        conditions.add(resource.key().stream().map(column -> "q." + quoted(column) + " is null").collect(Collectors.joining(" or ", "(", ")")));
        since(resource, since, conditions, values);
        return new JdbcQuery("select extract(epoch from now())::text as at, exists(select 1" + from(resource, conditions) + ")::text as keyless", values);
    }

    static JdbcQuery byKey(JdbcResource resource, List<String> key) {
        Map<String, Object> values = new LinkedHashMap<>();
        return new JdbcQuery("select to_json(q)::text as record" + from(resource, List.of("(" + columns(resource) + ") = (" + bound(key, values) + ")"))
                + " limit 2", values);
    }

    private static void since(JdbcResource resource, Instant since, List<String> conditions, Map<String, Object> values) {
        if (resource.since() != null && since != null) {
            // Promise 2: inclusive, and with the overlap.
            conditions.add("q." + quoted(resource.since().parameter()) + " >= :?since");
            values.put("since", resource.since().format().write(since.minus(resource.since().overlap())));
        }
    }

    private static String from(JdbcResource resource, List<String> conditions) {
        String query = resource.query().strip().replaceFirst(";$", "");
        return " from (\n" + query + "\n) q" + (conditions.isEmpty() ? "" : " where " + String.join(" and ", conditions));
    }

    private static String columns(JdbcResource resource) {
        return resource.key().stream().map(column -> "q." + quoted(column)).collect(Collectors.joining(", "));
    }

    private static String keys(JdbcResource resource) {
        return IntStream.range(0, resource.key().size()).mapToObj(i -> "q." + quoted(resource.key().get(i)) + "::text as key" + i)
                .collect(Collectors.joining(", "));
    }

    private static String bound(List<String> key, Map<String, Object> values) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < key.size(); i++) {
            names.add(":?key" + i);
            values.put("key" + i, key.get(i));
        }
        return String.join(", ", names);
    }

    private static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }
}

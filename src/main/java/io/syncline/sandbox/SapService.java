package io.syncline.sandbox;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The caseload service in one version of OData. */
final class SapService {
    private static final Pattern PATH = Pattern.compile("/([A-Za-z]+)(?:\\((.*)\\))?");
    private static final Pattern ITEM_KEY = Pattern.compile("CaseId='((?:[^']|'')*)',ItemNo=([0-9]{1,9})");

    private final boolean four;
    private final SapData data;
    private final SapForm form;
    private final String root;
    private final int pageSize;
    private volatile boolean offersDeltas = true;

    /** @param root the whole address, without a slash at its end */
    SapService(boolean four, SapData data, String root, int pageSize) {
        this.four = four;
        this.data = data;
        this.root = root;
        this.form = new SapForm(four, root);
        this.pageSize = pageSize;
    }

    /** @param path behind the service root, encoded */
    Answer answer(Request request, String path) {
        Matcher matcher = PATH.matcher(path);
        if (!matcher.matches()) {
            return form.error(404, "005056A509B11EE1B9A8FEC11C21578E", "Resource not found for segment '" + path + "'");
        }
        try {
            SapQuery query = new SapQuery(four, request.query());
            String key = matcher.group(2) == null ? null : SapQuery.decoded(matcher.group(2));
            return switch (matcher.group(1)) {
                case "Cases" -> key == null ? cases(request, query) : one(oneCase(key), given -> form.caseOf(given, query.select(), query.expandsItems()));
                case "CaseItems" -> key == null ? caseItems(request, query)
                        : one(oneItem(key), each -> form.itemOf(each.of(), each.item(), query.select()));
                case "Teams" -> key == null ? list(request, query, "Teams", data.teams(), each -> form.teamOf(each, query.select()), null)
                        : one(data.teams().stream().filter(team -> ("'" + team.id() + "'").equals(key)).findFirst(), each -> form.teamOf(each, query.select()));
                default -> form.error(404, "005056A509B11EE1B9A8FEC11C21578E", "Resource not found for segment '" + matcher.group(1) + "'");
            };
        } catch (SapQuery.Invalid e) {
            return form.error(400, "005056A509B11ED1BF9F3D3A5C6F5EA1", e.getMessage());
        }
    }

    void offerDeltas(boolean offered) {
        offersDeltas = offered;
    }

    Answer empty() {
        return Answer.json(200, page(JsonText.array(), "Cases", null, null, null));
    }

    private record ItemOf(SapCase of, SapCase.Item item) {
    }

    private List<ItemOf> items() {
        List<ItemOf> items = new ArrayList<>();
        data.cases().forEach(given -> given.items().forEach(item -> items.add(new ItemOf(given, item))));
        return items;
    }

    private Optional<SapCase> oneCase(String key) throws SapQuery.Invalid {
        Matcher text = Pattern.compile("(?:CaseId=)?'((?:[^']|'')*)'").matcher(key);
        if (!text.matches()) {
            throw new SapQuery.Invalid("Malformed URI literal syntax in key '" + key + "'.");
        }
        return data.find(text.group(1).replace("''", "'"));
    }

    private Optional<ItemOf> oneItem(String key) throws SapQuery.Invalid {
        Matcher parts = ITEM_KEY.matcher(key);
        if (!parts.matches()) {
            throw new SapQuery.Invalid("Malformed URI literal syntax in key '" + key + "'.");
        }
        return data.find(parts.group(1).replace("''", "'")).flatMap(given -> given.items().stream()
                .filter(item -> item.number() == Integer.parseInt(parts.group(2))).map(item -> new ItemOf(given, item)).findFirst());
    }

    private <T> Answer one(Optional<T> found, Function<T, ObjectNode> shown) {
        if (found.isEmpty()) {
            return form.error(404, "SY/530", "Resource not found for the given key.");
        }
        ObjectNode record = shown.apply(found.get());
        return Answer.json(200, four ? JsonText.object().put("@odata.context", "$metadata#Cases/$entity").setAll(record) : JsonText.object().set("d", record));
    }

    private Answer cases(Request request, SapQuery query) throws SapQuery.Invalid {
        int[] delta = four ? query.token("$deltatoken") : null;
        if (delta != null) {
            int end = delta[2] < 0 ? data.mark() : delta[2];
            Map<String, Optional<SapCase>> changes = data.between(delta[1], end);
            return delta(request, query, "Cases", new int[] {delta[0], delta[1], end}, changes == null ? null : List.copyOf(changes.entrySet()),
                    change -> change.getValue().map(each -> form.caseOf(each, query.select(), query.expandsItems()))
                            .orElseGet(() -> form.gone(change.getKey())));
        }
        List<SapCase> found = data.cases().stream().filter(query.filter()).toList();
        return list(request, query, "Cases", found, given -> form.caseOf(given, query.select(), query.expandsItems()),
                tracks(request) ? data.mark() : null);
    }

    private Answer caseItems(Request request, SapQuery query) throws SapQuery.Invalid {
        int[] delta = four ? query.token("$deltatoken") : null;
        if (delta != null) {
            int end = delta[2] < 0 ? data.itemMark() : delta[2];
            Set<SapData.ItemKey> changes = data.itemsBetween(delta[1], end);
            return delta(request, query, "CaseItems", new int[] {delta[0], delta[1], end}, changes == null ? null : List.copyOf(changes),
                    key -> find(key).map(each -> form.itemOf(each.of(), each.item(), query.select()))
                            .orElseGet(() -> form.goneItem(key.caseId(), key.number())));
        }
        return list(request, query, "CaseItems", items(), each -> form.itemOf(each.of(), each.item(), query.select()),
                tracks(request) ? data.itemMark() : null);
    }

    private Optional<ItemOf> find(SapData.ItemKey key) {
        return data.find(key.caseId()).flatMap(given -> given.items().stream().filter(item -> item.number() == key.number())
                .map(item -> new ItemOf(given, item)).findFirst());
    }

    private boolean tracks(Request request) {
        return four && offersDeltas && request.header("prefer").contains("odata.track-changes");
    }

    /**
     * In pages like everything; what changes while they are read is in the next delta.
     *
     * @param token   the page's offset, and between which marks the changes were made
     * @param changes null where they are forgotten
     */
    private <T> Answer delta(Request request, SapQuery query, String set, int[] token, List<T> changes, Function<T, ObjectNode> shown) {
        if (changes == null) {
            return form.error(410, "DELTA_EXPIRED", "The delta token has expired. Read the whole set again.");
        }
        ArrayNode records = JsonText.array();
        int to = token[0] + size(request);
        changes.stream().skip(token[0]).limit(size(request)).forEach(change -> records.add(shown.apply(change)));
        boolean last = to >= changes.size();
        return Answer.json(200, page(records, set, null, last ? null : link(set, query, "$deltatoken", SapQuery.token(to, token[1], token[2])),
                last ? deltaLink(set, query, token[2]) : null));
    }

    private <T> Answer list(Request request, SapQuery query, String set, List<T> found, Function<T, ObjectNode> shown, Integer mark) throws SapQuery.Invalid {
        int[] token = query.token("$skiptoken");
        int from = token == null ? 0 : token[0];
        Integer since = token == null ? mark : token[1] < 0 ? null : (Integer) token[1];
        int end = Math.min(found.size(), query.top());
        int to = Math.min(end, from + size(request));
        ArrayNode records = JsonText.array();
        for (int at = from; at < to; at++) {
            records.add(shown.apply(found.get(at)));
        }
        String next = to >= end ? null : link(set, query, "$skiptoken", SapQuery.token(to, since == null ? -1 : since));
        return Answer.json(200, page(records, set, query.counts() ? (Integer) found.size() : null, next,
                next == null && since != null ? deltaLink(set, query, since) : null));
    }

    /** It cuts pages at its own size, whatever {@code $top} says. */
    private int size(Request request) {
        Matcher asked = Pattern.compile("odata\\.maxpagesize=([0-9]{1,6})").matcher(request.header("prefer"));
        return four && asked.find() ? Math.max(1, Math.min(pageSize, Integer.parseInt(asked.group(1)))) : pageSize;
    }

    private String deltaLink(String set, SapQuery query, int mark) {
        return link(set, query, "$deltatoken", SapQuery.token(0, mark));
    }

    /** Relative to the service root in version 4, absolute in version 2. */
    private String link(String set, SapQuery query, String token, String value) {
        StringBuilder link = new StringBuilder(four ? set : root + "/" + set).append('?');
        for (String option : List.of("$filter", "$select", "$expand", "$count", "$inlinecount", "$top", "sap-client")) {
            if (!query.option(option).isEmpty()) {
                link.append(option).append('=').append(query.option(option).replace(" ", "%20")).append('&');
            }
        }
        return link.append(token).append('=').append(value).toString();
    }

    /** The next link stands before the records in version 4. */
    private ObjectNode page(ArrayNode records, String set, Integer count, String next, String delta) {
        ObjectNode page = JsonText.object();
        if (!four) {
            ObjectNode d = page.putObject("d");
            d.set("results", records);
            if (count != null) {
                d.put("__count", count.toString());
            }
            if (next != null) {
                d.put("__next", next);
            }
            return page;
        }
        page.put("@odata.context", "$metadata#" + set);
        if (count != null) {
            page.put("@odata.count", count);
        }
        if (next != null) {
            page.put("@odata.nextLink", next);
        }
        page.set("value", records);
        if (delta != null) {
            page.put("@odata.deltaLink", delta);
        }
        return page;
    }
}

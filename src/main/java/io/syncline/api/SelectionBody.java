package io.syncline.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.syncline.store.Selection;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The body of a request to apply a plan: nothing for all of it, or a selection. Whether the plan has what is named is for the plan to say. */
final class SelectionBody {
    private static final String EXAMPLE = "{\"selection\": {\"entities\": [\"materials\"], \"outcomes\": [\"create\", \"update\"]}}";
    private static final Set<String> MEMBERS = Set.of("entities", "outcomes", "rows", "except");
    /** Whoever means more rows than this says so by entity and outcome. */
    private static final int MOST = 10_000;

    private final JsonBody body;
    private final JsonNode selection;

    private SelectionBody(JsonBody body, JsonNode selection) {
        this.body = body;
        this.selection = selection;
    }

    /**
     * Null for everything.
     *
     * @throws Refused with every mistake
     */
    static Selection read(byte[] bytes) {
        JsonBody body = JsonBody.read(bytes, EXAMPLE);
        JsonNode selection = body.member("selection", node -> node.isObject() ? node : null, "is not a selection. Write an object such as " + EXAMPLE
                + ", or leave it out to apply everything.");
        Selection read = selection == null ? null : new SelectionBody(body, selection).read();
        body.refuseMistakes();
        return read;
    }

    private Selection read() {
        selection.fieldNames().forEachRemaining(name -> {
            if (!MEMBERS.contains(name)) {
                body.mistakeAt("/selection/" + name, JsonBody.shown(name) + " is not known here. Known are entities, outcomes, rows, except.");
            }
        });
        return new Selection(names("entities"), names("outcomes"), rows("rows"), rows("except"));
    }

    private List<String> names(String member) {
        if (!isList(member, "a list of names")) {
            return null;
        }
        List<String> names = new ArrayList<>();
        for (JsonNode name : selection.get(member)) {
            if (name.isTextual()) {
                names.add(name.textValue());
            } else {
                body.mistakeAt("/selection/" + member, member + ": " + JsonBody.shown(name) + " is not a name. Write names in quotes.");
            }
        }
        return names;
    }

    private List<Selection.Row> rows(String member) {
        if (!isList(member, "a list of rows")) {
            return null;
        }
        List<Selection.Row> rows = new ArrayList<>();
        int at = 0;
        for (JsonNode row : selection.get(member)) {
            JsonNode key = row.path("key");
            if (row.size() == 2 && row.path("entity").isTextual() && (key.isTextual() || key.isIntegralNumber())) {
                rows.add(new Selection.Row(row.path("entity").textValue(), key.asText()));
            } else {
                body.mistakeAt("/selection/" + member + "/" + at, member + ": entry " + at
                        + " is not a row. Write rows such as {\"entity\": \"materials\", \"key\": \"9404\"}.");
            }
            at++;
        }
        return rows;
    }

    private boolean isList(String member, String what) {
        JsonNode value = selection.path(member);
        if (value.isMissingNode() || value.isNull()) {
            return false;
        }
        if (!value.isArray()) {
            body.mistakeAt("/selection/" + member, member + ": " + JsonBody.shown(value) + " is not " + what + ".");
            return false;
        }
        if (value.size() > MOST) {
            body.mistakeAt("/selection/" + member, member + ": names " + value.size() + "; " + MOST
                    + " are possible. Choose by entities and outcomes instead, and name the"
                    + " exceptions.");
            return false;
        }
        return true;
    }
}

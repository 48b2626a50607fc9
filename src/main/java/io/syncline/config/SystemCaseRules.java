package io.syncline.config;

import java.util.Map;

/** What the schema of a system's cases cannot say. */
final class SystemCaseRules {
    private final Declared declared;
    private final Mistakes mistakes;
    private final Map<String, SystemConfig> systems;

    SystemCaseRules(Declared declared, Map<String, SystemConfig> systems) {
        this.declared = declared;
        this.mistakes = declared.mistakes();
        this.systems = systems;
    }

    void check() {
        SystemConfig system = systems.get(declared.name());
        if (system == null) {
            mistakes.add(1, "", "there is no system " + declared.name() + " that these are the cases of.",
                    "Write config/systems/" + declared.name() + ".yaml, or rename this file.");
        } else if (!(system.source() instanceof SourceConfig.Web web)) {
            mistakes.add(1, "", "only systems of kind http or odata have requests and answers to write cases of.", "Remove the file.");
        } else {
            declared.yaml().items().forEach(each -> check(each, web));
        }
    }

    /** What needs no system to compare with, for where none could be read. */
    void checkAlone() {
        declared.yaml().items().forEach(this::alone);
    }

    private void alone(Yaml each) {
        if (!each.has("request") && !each.has("answer")) {
            mistakes.add(each, "expects nothing.", "Write request: with what goes out, or answer: with what comes back, or both.");
        }
        if (each.has("answer") != each.has("expect")) {
            mistakes.add(each, each.has("answer") ? "does not say how the answer is understood." : "expects something of an answer that it does not have.",
                    "Write answer: and expect: together.");
        }
        Yaml expect = each.get("expect");
        if (expect.has("failure") && (expect.has("records") || expect.has("last"))) {
            mistakes.add(expect, "a failure has no records and is no page.", "Write failure: alone.");
        }
    }

    private void check(Yaml each, SourceConfig.Web web) {
        alone(each);
        Yaml resource = each.get("resource");
        if (resource.is(Yaml.Kind.TEXT) && !web.resources().containsKey(resource.text())) {
            mistakes.unknown(resource, "a resource of the system " + declared.name(), web.resources().keySet());
        } else if (resource.is(Yaml.Kind.TEXT)) {
            read(each.get("read"), web.resources().get(resource.text()));
        }
    }

    private void read(Yaml read, SourceConfig.Resource resource) {
        if (read.get("since").is(Yaml.Kind.TEXT)) {
            SyncCaseRules.instant(read.get("since"), mistakes);
            if (resource.since() == null) {
                mistakes.add(read.get("since"), resource.name() + " cannot be asked for what changed.", "Leave since out, or declare since: in the resource.");
            }
        }
        if (read.has("id") && read.members().size() > 1) {
            mistakes.add(read.get("id"), "one record has no pages and no since.", "Write id: alone.");
        }
        if (read.has("id") && !resource.asksForOne()) {
            mistakes.add(read.get("id"), "single records of " + resource.name() + " cannot be asked for.", "Declare byId: in the resource.");
        }
        if (read.has("delta") && !resource.tracks()) {
            mistakes.add(read.get("delta"), resource.name() + " has no delta links.", "Leave it out, or declare delta: true in the resource.");
        } else if (read.has("delta") && read.has("since")) {
            mistakes.add(read.get("delta"), "changes are told from a delta link or from a moment.", "Write delta: or since:.");
        }
        SourceConfig.Paging.Kind paging = resource instanceof SourceConfig.HttpResource http ? http.paging().kind() : SourceConfig.Paging.Kind.NEXT_URL;
        boolean follows = switch (paging) {
            case CURSOR, LINK_HEADER, NEXT_URL -> true;
            default -> false;
        };
        if (read.has("cursor") && !follows) {
            mistakes.add(read.get("cursor"), "the pages of " + resource.name() + " are numbered.", "Write page: instead.");
        }
        if (read.has("page") && !read.get("page").text().equals("1") && (follows || paging == SourceConfig.Paging.Kind.NONE)) {
            mistakes.add(read.get("page"), "the pages of " + resource.name() + " are not numbered.",
                    follows ? "Write cursor: instead, with what the answer before named as next." : "Leave it out: there is one page.");
        }
    }
}

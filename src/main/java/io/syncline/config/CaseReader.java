package io.syncline.config;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Reads the {@code *.cases.yaml} beside the declarations, with the same care: all mistakes at once, each with its line. */
public final class CaseReader {
    private static final Schema SYSTEM_CASES = Schema.load("system-cases");
    private static final Schema SYNC_CASES = Schema.load("sync-cases");

    private final Configuration configuration;
    private final List<Mistake> mistakes = new ArrayList<>();

    private CaseReader(Configuration configuration) {
        this.configuration = configuration;
    }

    /** @throws BrokenConfiguration with all mistakes, when there is one */
    public static Cases read(Path configDirectory, Configuration configuration) {
        CaseReader reader = new CaseReader(configuration);
        List<SystemCase> ofSystems = reader.ofSystems(Declared.casesIn(configDirectory, "systems", SYSTEM_CASES));
        List<PushCase> pushes = new ArrayList<>();
        List<SyncCase> ofSyncs = reader.ofSyncs(Declared.casesIn(configDirectory, "syncs", SYNC_CASES), pushes);
        if (!reader.mistakes.isEmpty()) {
            throw new BrokenConfiguration(reader.mistakes.stream().sorted().toList());
        }
        return new Cases(ofSystems, ofSyncs, pushes);
    }

    /** What can be said of the cases while the declarations they belong to have mistakes of their own, in the order of files and lines. */
    public static List<Mistake> mistakesWithoutConfiguration(Path configDirectory) {
        List<Declared> ofSystems = Declared.casesIn(configDirectory, "systems", SYSTEM_CASES);
        List<Declared> ofSyncs = Declared.casesIn(configDirectory, "syncs", SYNC_CASES);
        ofSystems.forEach(file -> new SystemCaseRules(file, Map.of()).checkAlone());
        ofSyncs.forEach(file -> new SyncCaseRules(file, Map.of()).checkAlone());
        return Stream.concat(ofSystems.stream(), ofSyncs.stream()).flatMap(file -> file.mistakes().found().stream()).sorted().toList();
    }

    private List<SystemCase> ofSystems(List<Declared> files) {
        List<SystemCase> cases = new ArrayList<>();
        for (Declared file : files) {
            new SystemCaseRules(file, configuration.systems()).check();
            mistakes.addAll(file.mistakes().found());
            if (file.mistakes().isEmpty()) {
                SYSTEM_CASES.complete(file.yaml()).items().forEach(each -> cases.add(systemCase(file, each)));
            }
        }
        return cases;
    }

    private List<SyncCase> ofSyncs(List<Declared> files, List<PushCase> pushes) {
        List<SyncCase> cases = new ArrayList<>();
        for (Declared file : files) {
            new SyncCaseRules(file, configuration.syncs()).check();
            mistakes.addAll(file.mistakes().found());
            if (file.mistakes().isEmpty()) {
                for (Yaml each : SYNC_CASES.complete(file.yaml()).items()) {
                    if (each.get("expect").has("push")) {
                        pushes.add(pushCase(file, each));
                    } else {
                        cases.add(syncCase(file, each));
                    }
                }
            }
        }
        return cases;
    }

    private static SystemCase systemCase(Declared file, Yaml each) {
        Yaml read = each.get("read");
        Yaml answer = each.get("answer");
        Yaml expect = each.get("expect");
        return new SystemCase(file.mistakes().file(), each.line(), each.get("name").text(), file.name(), each.get("resource").text(),
                new SystemCase.Ask(instantOrNull(read.get("since")), read.get("page").integer(), read.get("cursor").textOrNull(),
                        read.get("delta").textOrNull(), read.get("id").textOrNull()),
                each.get("request").textOrNull(), jsonOrNull(each.get("body")),
                answer.is(Yaml.Kind.ABSENT) ? null : new SystemCase.Answer(answer.get("status").integer(), texts(answer.get("headers")), bodyOf(answer)),
                new SystemCase.Expected(expect.has("records") ? (Integer) expect.get("records").integer() : null,
                        expect.has("last") ? (Boolean) expect.get("last").isTrue() : null,
                        expect.has("failure") ? constantName(expect.get("failure")) : null));
    }

    private PushCase pushCase(Declared file, Yaml each) {
        SyncConfig sync = configuration.syncs().get(file.name());
        Yaml stored = each.get("stored");
        Yaml push = each.get("expect").get("push");
        List<String> row = each.get("row").texts();
        PushCase.Deed deed = each.has("created") ? PushCase.Deed.CREATED : row.contains("deleted-here") ? PushCase.Deed.DELETED
                : row.contains("kept-here") ? PushCase.Deed.BROUGHT_BACK : PushCase.Deed.CHANGED;
        return new PushCase(file.mistakes().file(), each.line(), each.get("name").text(), sync.name(),
                each.has("entity") ? each.get("entity").text() : sync.entities().get(0).name(), jsonOrNull(stored.without(SyncCaseRules.LOCAL)),
                jsonOrNull(each.has("created") ? each.get("created") : stored.get(SyncCaseRules.LOCAL)), deed, push.get("method").text(),
                push.get("path").text(), jsonOrNull(push.get("body")));
    }

    private SyncCase syncCase(Declared file, Yaml each) {
        SyncConfig sync = configuration.syncs().get(file.name());
        Yaml stored = each.get("stored");
        Yaml expect = each.get("expect");
        Set<SyncCase.State> row = new LinkedHashSet<>();
        each.get("row").each().forEach(state -> row.add(SyncCase.State.valueOf(constantName(state))));
        return new SyncCase(file.mistakes().file(), each.line(), each.get("name").text(), sync.name(),
                each.has("entity") ? each.get("entity").text() : sync.entities().get(0).name(),
                jsonOrNull(stored.without(SyncCaseRules.LOCAL)), jsonOrNull(stored.get(SyncCaseRules.LOCAL)), row, Instant.parse(each.get("editedAt").text()),
                Set.copyOf(each.get("remapped").texts()), jsonOrNull(each.get("shown")), each.get("shownGone").isTrue(),
                each.has("conflicts") ? SyncBuilder.rules(each.get("conflicts"), sync.side()) : null, jsonOrNull(each.get("incoming")),
                new SyncCase.Expected(expect.get("change").text(), expect.has("fields") ? expect.get("fields").texts() : null,
                        jsonOrNull(expect.get("row")), expect.get("reason").textOrNull()));
    }

    private static String bodyOf(Yaml answer) {
        Yaml body = answer.get("body");
        return body.is(Yaml.Kind.TEXT) ? body.text() : body.json();
    }

    private static String jsonOrNull(Yaml yaml) {
        return yaml.is(Yaml.Kind.ABSENT) ? null : yaml.json();
    }

    private static Instant instantOrNull(Yaml yaml) {
        return yaml.is(Yaml.Kind.ABSENT) ? null : Instant.parse(yaml.text());
    }

    private static Map<String, String> texts(Yaml map) {
        Map<String, String> texts = new LinkedHashMap<>();
        map.members().forEach((name, value) -> texts.put(name, value.text()));
        return texts;
    }

    private static String constantName(Yaml word) {
        return word.text().toUpperCase(Locale.ROOT).replace('-', '_');
    }
}

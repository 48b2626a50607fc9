package io.syncline.config;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Promise 29: no setting may be two organisations' at once. The names of settings are made of an organisation's name and the placeholder's, so that two of
 * them can meet: {@code a-b} and {@code a_b}, or {@code crm} with the placeholder {@code URL} and {@code default} with {@code CRM_URL}.
 */
final class OrganisationRules {
    private static final Settings NAMES = new Settings(List.of());

    private final Map<String, Yaml> systems;
    private final Collection<Declared> syncs;

    OrganisationRules(Map<String, Yaml> systems, Collection<Declared> syncs) {
        this.systems = systems;
        this.syncs = syncs;
    }

    /** Those that read a system. */
    static Set<String> of(String system, Collection<Declared> syncs) {
        Set<String> organisations = new TreeSet<>();
        syncs.stream().map(Declared::yaml).filter(sync -> sync.get("system").text().equals(system)).forEach(sync -> organisations.addAll(of(sync)));
        return organisations;
    }

    private static List<String> of(Yaml sync) {
        return sync.has("organisations") ? sync.get("organisations").texts() : List.of(Settings.DEFAULT);
    }

    void check() {
        Map<String, String> owners = new HashMap<>();
        for (Declared sync : syncs) {
            Set<String> names = new TreeSet<>();
            Optional.ofNullable(systems.get(sync.yaml().get("system").text())).ifPresent(system -> placeholders(system, names));
            for (String organisation : of(sync.yaml())) {
                Settings own = NAMES.of(organisation);
                names.stream().map(own::called).filter(name -> !owners.merge(name, organisation, (first, second) -> first).equals(organisation)).findFirst()
                        .ifPresent(name -> sync.mistakes().add(sync.yaml().get("organisations"), "the organisation " + Mistakes.quoted(organisation)
                                + " would take " + name + " for its own, and so does " + Mistakes.quoted(owners.get(name)) + ".",
                                        "Give one of them another name."));
            }
        }
    }

    private static void placeholders(Yaml yaml, Set<String> names) {
        if (yaml.is(Yaml.Kind.TEXT)) {
            names.addAll(Placeholders.names(yaml.text()));
        }
        yaml.members().values().forEach(member -> placeholders(member, names));
        yaml.items().forEach(item -> placeholders(item, names));
    }
}

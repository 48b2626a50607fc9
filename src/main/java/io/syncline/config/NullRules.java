package io.syncline.config;

import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a system's file says may be null has to be something that a sync writes there: a name that nobody writes would leave its field one that cannot be
 * emptied, and nobody would know why. A resource that no sync writes is not judged.
 */
final class NullRules {
    private final Collection<Declared> systems;
    private final Collection<Declared> syncs;

    NullRules(Collection<Declared> systems, Collection<Declared> syncs) {
        this.systems = systems;
        this.syncs = syncs;
    }

    void check() {
        boolean unreadable = syncs.stream().anyMatch(sync -> sync.yaml().members().isEmpty());
        if (!unreadable) {
            systems.forEach(system -> system.yaml().get("source").get("resources").members()
                    .forEach((name, resource) -> resource(system, name, resource.get("writes"))));
        }
    }

    private void resource(Declared system, String name, Yaml writes) {
        Set<String> written = new TreeSet<>();
        if (writes.is(Yaml.Kind.MAP) && !SystemBuilder.isReadOnly(system.yaml())) {
            syncs.stream().map(Declared::yaml).filter(sync -> sync.get("system").text().equals(system.name()))
                    .forEach(sync -> written.addAll(SyncWriteRules.written(sync, name)));
        }
        if (!written.isEmpty()) {
            writes.members().values().forEach(write -> write.get("nulls").items().stream()
                    .filter(member -> member.is(Yaml.Kind.TEXT) && !written.contains(member.text()))
                    .forEach(member -> system.mistakes().unknown(member, "where a field is written", written)));
        }
    }
}

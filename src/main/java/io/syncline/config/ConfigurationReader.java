package io.syncline.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads {@code systems/*.yaml} and {@code syncs/*.yaml} of a configuration directory; files that end in {@code .cases.yaml} are no declarations.
 * Promise 27: every mistake is found, all of them at once, and nothing is handed out while there is one.
 */
public final class ConfigurationReader {
    private static final Schema SYSTEM = Schema.load("system");
    private static final Schema SYNC = Schema.load("sync");

    private final Settings settings;

    private ConfigurationReader(Settings settings) {
        this.settings = settings;
    }

    /** For those who are going to talk to the systems: a setting without a value is a mistake, too. */
    public static ConfigurationReader with(Settings settings) {
        return new ConfigurationReader(settings);
    }

    /** For those who look at the files only, on a machine without the settings: the defaults stand for those that have one. */
    public static ConfigurationReader withoutSettings() {
        return new ConfigurationReader(null);
    }

    /** @throws BrokenConfiguration with all mistakes, when there is one */
    public Configuration read(Path configDirectory) {
        Map<String, Declared> systems = new LinkedHashMap<>();
        Map<String, Declared> syncs = new LinkedHashMap<>();
        List<Mistake> mistakes = look(configDirectory, systems, syncs);
        if (!mistakes.isEmpty()) {
            throw new BrokenConfiguration(mistakes);
        }
        Map<String, SystemConfig> builtSystems = new HashMap<>();
        systems.forEach((name, declared) -> builtSystems.put(name, SystemBuilder.build(SYSTEM.complete(declared.yaml()), settings)));
        Map<String, SyncConfig> builtSyncs = new HashMap<>();
        syncs.forEach((name, declared) -> builtSyncs.put(name, SyncBuilder.build(SYNC.complete(declared.yaml()), builtSystems)));
        return new Configuration(builtSystems, builtSyncs);
    }

    /** What is wrong, in the order of files and lines; empty when {@link #read} answers. */
    public List<Mistake> mistakes(Path configDirectory) {
        return look(configDirectory, new LinkedHashMap<>(), new LinkedHashMap<>());
    }

    private List<Mistake> look(Path configDirectory, Map<String, Declared> systems, Map<String, Declared> syncs) {
        if (!Files.isDirectory(configDirectory)) {
            return List.of(new Mistake(configDirectory.toString(), 0, "", "is not a directory.", "Name the directory that holds systems/ and syncs/."));
        }
        Declared.in(configDirectory, "systems", SYSTEM).forEach(declared -> systems.put(declared.name(), declared));
        Declared.in(configDirectory, "syncs", SYNC).forEach(declared -> syncs.put(declared.name(), declared));
        Map<String, Yaml> systemsByName = new TreeMap<>();
        systems.forEach((name, declared) -> systemsByName.put(name, declared.yaml()));
        systems.forEach((name, declared) -> new SystemRules(declared, settings, OrganisationRules.of(name, syncs.values())).check());
        syncs.forEach((name, declared) -> new SyncRules(declared, systemsByName).check());
        new OrganisationRules(systemsByName, syncs.values()).check();
        new NullRules(systems.values(), syncs.values()).check();
        List<Mistake> mistakes = new ArrayList<>();
        systems.values().forEach(declared -> mistakes.addAll(declared.mistakes().found()));
        syncs.values().forEach(declared -> mistakes.addAll(declared.mistakes().found()));
        return mistakes.stream().sorted().toList();
    }
}

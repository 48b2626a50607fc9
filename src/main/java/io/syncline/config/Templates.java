package io.syncline.config;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Texts of a declared body or query that stand for something else: {@code {id}}, {@code {price}}. Only a whole text is one. */
final class Templates {
    private static final Pattern WHOLE = Pattern.compile("\\{([^{}$]*)}");

    private Templates() {
    }

    /** What they name, with where they stand. */
    static Map<String, Yaml> in(Yaml yaml) {
        Map<String, Yaml> found = new LinkedHashMap<>();
        gather(yaml, found);
        return found;
    }

    private static void gather(Yaml yaml, Map<String, Yaml> found) {
        Matcher template = WHOLE.matcher(yaml.text());
        if (yaml.is(Yaml.Kind.TEXT) && template.matches()) {
            found.put(template.group(1), yaml);
        }
        yaml.members().values().forEach(member -> gather(member, found));
        yaml.items().forEach(item -> gather(item, found));
    }
}

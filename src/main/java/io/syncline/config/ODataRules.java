package io.syncline.config;

/** What the schema of an OData service cannot say. */
final class ODataRules {
    private final String version;
    private final Mistakes mistakes;

    ODataRules(Yaml source, Mistakes mistakes) {
        this.version = source.get("version").text();
        this.mistakes = mistakes;
    }

    void resource(Yaml resource) {
        Yaml changed = resource.get("changed");
        CommonRules.zone(changed.get("zone"), mistakes);
        type(changed.get("type"));
        resource.get("key").members().values().forEach(this::type);
    }

    /** A literal of the wrong type often does not fail, it selects something else. */
    private void type(Yaml type) {
        if (version.equals("4") && type.text().equals("datetime")) {
            mistakes.add(type, "OData 4 has no datetime.", "Write datetimeoffset or date, as the service's metadata says.");
        }
        if (version.equals("2") && type.text().equals("date")) {
            mistakes.add(type, "OData 2 has no date.", "Write datetime or datetimeoffset, as the service's metadata says.");
        }
    }
}

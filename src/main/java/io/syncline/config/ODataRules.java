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
        if (resource.get("delta").isTrue()) {
            delta(resource);
        }
    }

    /** What comes with a record has a delta of its own, of which a record's delta may tell nothing. */
    private void delta(Yaml resource) {
        if (version.equals("2")) {
            mistakes.add(resource.get("delta"), "the delta links that can be followed are those of OData 4.",
                    "Leave it out; changes are asked for by their time (changed).");
        } else if (resource.has("expand")) {
            mistakes.add(resource.get("delta"), "a delta does not tell reliably what is expanded.",
                    "Leave it out, or declare what is expanded as a resource of its own.");
        }
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

package io.syncline.config;

/** The organisation {@code default} has a connection to every system: its settings are those of the process. */
final class EnvironmentConnections implements Connections {
    static final String ORGANISATION = "default";

    private final Settings settings;

    EnvironmentConnections(Settings settings) {
        this.settings = settings;
    }

    @Override
    public Connection of(String organisation, String system) {
        if (!organisation.equals(ORGANISATION)) {
            throw new MissingSetting("The organisation " + organisation + " has no connection to " + system + "; only " + ORGANISATION
                    + " takes its from the environment.");
        }
        return new EnvironmentConnection(system, settings);
    }

    private record EnvironmentConnection(String system, Settings settings) implements Connection {
        @Override
        public String organisation() {
            return ORGANISATION;
        }

        @Override
        public String fill(String text) {
            return settings.fill(text);
        }

        @Override
        public String toString() {
            return ORGANISATION + " at " + system;
        }
    }
}

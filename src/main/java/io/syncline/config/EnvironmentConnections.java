package io.syncline.config;

/** Every organisation has a connection to every system that it has settings for. */
final class EnvironmentConnections implements Connections {
    private final Settings settings;

    EnvironmentConnections(Settings settings) {
        this.settings = settings;
    }

    @Override
    public Connection of(String organisation, String system) {
        return new EnvironmentConnection(organisation, system, settings.of(organisation));
    }

    private record EnvironmentConnection(String organisation, String system, Settings settings) implements Connection {
        @Override
        public String fill(String text) {
            return settings.fill(text);
        }

        @Override
        public String toString() {
            return organisation + " at " + system;
        }
    }
}

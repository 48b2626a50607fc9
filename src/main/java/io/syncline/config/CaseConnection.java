package io.syncline.config;

/**
 * The connection that cases are run with: no setting is needed, and none that is set can change what a case shows. {@code ${CRM_TENANT}} is filled with its
 * own name, one with a default with the default; a base URL that begins with a placeholder begins with {@code https://<system>.example}.
 */
public record CaseConnection(SystemConfig config) implements Connection {
    @Override
    public String organisation() {
        return Settings.DEFAULT;
    }

    @Override
    public String system() {
        return config.name();
    }

    @Override
    public String fill(String text) {
        boolean base = config.source() instanceof SourceConfig.Web web && text.equals(web.baseUrl()) && text.startsWith("${");
        return Placeholders.fill(text, name -> null, name -> base && text.startsWith("${" + name + "}")
                ? "https://" + config.name().replace('_', '-') + ".example" : name);
    }
}

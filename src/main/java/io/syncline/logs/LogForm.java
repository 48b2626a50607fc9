package io.syncline.logs;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.env.EnvironmentPostProcessor;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

import java.util.Map;

/** {@code syncline.logs}: {@code text}, which is the default, or {@code json}. It is read once the settings are, before the first line is logged. */
public final class LogForm implements EnvironmentPostProcessor, Ordered {
    private static final String SETTING = "syncline.logs";

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        String form = environment.getProperty(SETTING, "text");
        switch (form) {
            case "text" -> { }
            case "json" -> environment.getPropertySources().addLast(new MapPropertySource(SETTING, Map.of(
                    "logging.structured.format.console", JsonLine.class.getName(), "logging.structured.format.file", JsonLine.class.getName())));
            default -> throw new UnknownLogForm(SETTING + ": \"" + form + "\" is no form of log lines. Write text or json.");
        }
    }

    @Override
    public int getOrder() {
        return LOWEST_PRECEDENCE;
    }
}

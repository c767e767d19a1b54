package dev.perennial.app.log;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.core.joran.spi.JoranException;
import dev.perennial.app.config.PerennialConfig;
import java.net.URL;
import java.util.Locale;
import java.util.Objects;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/**
 * Log lines on standard error. Until the configuration is read, the environment alone decides level
 * and format.
 */
public final class Logging {
  private Logging() {}

  /** Brings what libraries log through something else to where everything else goes. */
  public static void install() {
    System.setProperty("org.jboss.logging.provider", "slf4j"); // also where a Log4j is about
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
  }

  /** Starts logging anew, as configured. */
  public static void apply(PerennialConfig.Log log) {
    if (!(LoggerFactory.getILoggerFactory() instanceof LoggerContext context)) {
      return; // embedded where somebody else logs
    }
    context.reset();
    context.putProperty("PERENNIAL_LOG_LEVEL", log.level().name().toLowerCase(Locale.ROOT));
    context.putProperty("PERENNIAL_LOG_FORMAT", log.format().name().toLowerCase(Locale.ROOT));
    JoranConfigurator configurator = new JoranConfigurator();
    configurator.setContext(context);
    try {
      configurator.doConfigure(resource());
    } catch (JoranException e) {
      throw new IllegalStateException("our own logback.xml cannot be read", e);
    }
  }

  private static URL resource() {
    return Objects.requireNonNull(Logging.class.getResource("/logback.xml"), "logback.xml");
  }
}

package dev.perennial.integration.template;

import freemarker.core.TemplateClassResolver;
import freemarker.ext.beans.BeansWrapper;
import freemarker.template.Configuration;
import freemarker.template.DefaultObjectWrapperBuilder;
import freemarker.template.Template;
import freemarker.template.TemplateExceptionHandler;
import freemarker.template.Version;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** FreeMarker, set up so that a template can reach nothing but its data model. Thread-safe. */
final class FreeMarker {
  private static final Version VERSION = Configuration.VERSION_2_3_35;
  private static final Map<Position, Configuration> CONFIGURATIONS = configurations();

  private FreeMarker() {}

  /**
   * @param source written by {@link FtlSource}
   */
  static Template compile(String source, Position position) {
    try {
      return new Template("definition", source, CONFIGURATIONS.get(position));
    } catch (IOException e) {
      throw new UncheckedIOException("our own source does not parse", e);
    }
  }

  private static Map<Position, Configuration> configurations() {
    Map<Position, Configuration> all = new EnumMap<>(Position.class);
    for (Position position : Position.values()) {
      all.put(position, configuration(position));
    }
    return all;
  }

  private static Configuration configuration(Position position) {
    Configuration configuration = new Configuration(VERSION);
    configuration.setInterpolationSyntax(Configuration.SQUARE_BRACKET_INTERPOLATION_SYNTAX);
    configuration.setTagSyntax(Configuration.SQUARE_BRACKET_TAG_SYNTAX);
    configuration.setWhitespaceStripping(false);
    configuration.setOutputFormat(new PositionFormat(position));
    configuration.setNewBuiltinClassResolver(TemplateClassResolver.ALLOWS_NOTHING_RESOLVER);
    configuration.setAPIBuiltinEnabled(false);
    configuration.setNumberFormat("c");
    configuration.setLocale(Locale.ROOT);
    configuration.setLocalizedLookup(false);
    configuration.setTemplateLoader(null);
    configuration.setLogTemplateExceptions(false);
    configuration.setTemplateExceptionHandler(TemplateExceptionHandler.RETHROW_HANDLER);
    configuration.clearSharedVariables();
    DefaultObjectWrapperBuilder wrapper = new DefaultObjectWrapperBuilder(VERSION);
    wrapper.setExposureLevel(BeansWrapper.EXPOSE_NOTHING);
    configuration.setObjectWrapper(wrapper.build());
    return configuration;
  }
}

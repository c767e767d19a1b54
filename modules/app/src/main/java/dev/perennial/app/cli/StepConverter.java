package dev.perennial.app.cli;

import dev.perennial.app.keys.KeyRotation.Step;
import java.util.Arrays;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The steps of a rotation by their names in lower case. */
final class StepConverter implements ITypeConverter<Step> {
  @Override
  public Step convert(String text) {
    return Arrays.stream(Step.values())
        .filter(step -> step.name().toLowerCase(Locale.ROOT).equals(text))
        .findFirst()
        .orElseThrow(
            () -> new TypeConversionException("there are add, promote and reseal, not " + text));
  }
}

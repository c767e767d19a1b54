package dev.perennial.kms.aws;

import java.security.GeneralSecurityException;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The Amazon resource name of a key or an alias of KMS.
 *
 * @param arn e.g. {@code arn:aws:kms:eu-west-1:111122223333:key/…}
 */
record KeyArn(String arn, String region) {
  private static final Pattern FORM =
      Pattern.compile(
          "arn:aws[a-z-]*:kms:([a-z0-9-]+):\\d{12}:(?:key|alias)/[A-Za-z0-9/_-]{1,256}");

  /**
   * @throws GeneralSecurityException where it is none
   */
  static KeyArn parse(String text) throws GeneralSecurityException {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new GeneralSecurityException(
          "expected aws-kms://arn:aws:kms:<region>:<account>:key/<id>, or alias/<name>");
    }
    return new KeyArn(text, Objects.requireNonNull(form.group(1)));
  }
}

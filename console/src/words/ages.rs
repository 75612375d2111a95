crate::words! {
    JustNow => "just now", "刚刚";
    SecondsAgo(n) => "{n} s ago", "{n} 秒前";
    MinutesAgo(n) => "{n} min ago", "{n} 分钟前";
    HoursAgo(n) => "{n} h ago", "{n} 小时前";
    DaysAgo(n) => "{n} d ago", "{n} 天前";
    SecondsAhead(n) => "in {n} s", "{n} 秒后";
    MinutesAhead(n) => "in {n} min", "{n} 分钟后";
    HoursAhead(n) => "in {n} h", "{n} 小时后";
    DaysAhead(n) => "in {n} d", "{n} 天后";
    DurationMillis(n) => "{n} ms", "{n} 毫秒";
    DurationSeconds(n) => "{n} s", "{n} 秒";
    DurationMinutes(minutes, seconds) => "{minutes} min {seconds} s", "{minutes} 分 {seconds} 秒";
    DurationHours(hours, minutes) => "{hours} h {minutes} min", "{hours} 小时 {minutes} 分";
    DurationDays(days, hours) => "{days} d {hours} h", "{days} 天 {hours} 小时";
    Never => "never", "从未";
    AsOf(age) => "as of {age}", "截至{age}";
}

crate::words! {
    CannotPrint => "could not write the output", "无法写出结果";
    LocalFileUnusable(path) => "the daemon's address file {path} cannot be used", "无法使用守护进程的地址文件 {path}";
    LocalUnreachable(address) => "nothing answers at {address}, where the daemon should be", "{address} 无应答，守护进程应在此处";
    LocalUnreachableHint => "start it with `run`; if it has just stopped, repeat the command", "请用 `run` 启动；若刚刚停止，请重试该命令";
    LocalExchangeFailed(address) => "the daemon at {address} broke off its answer", "{address} 处的守护进程中断了应答";
    LocalExchangeHint => "repeat the command with the same request id: nothing is booked twice", "请用相同的请求号重试：不会重复入账";
    LocalAnswerUnreadable(address) => "the daemon at {address} gave an answer that this program cannot read", "本程序无法读懂 {address} 处守护进程的应答";
    LocalAnswerHint => "is the daemon of another version? restart it", "守护进程的版本是否不同？请重新启动";
    LocalRefusedToken => "the daemon does not accept this token", "守护进程不接受该令牌";
    LocalTokenHint => "the daemon was restarted meanwhile: repeat the command", "守护进程已重新启动：请重试该命令";
    NoRandomness => "the system gives no random numbers", "系统无法提供随机数";
}

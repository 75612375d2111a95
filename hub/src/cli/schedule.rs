//! `hub check schedule …`

use console::{Column, Exit, Out, Table, format, words};

use super::{RhythmArgs, ScheduleCommand};
use crate::ask::schedule::{ListSchedules, RemoveSchedule, Scheduled, SetSchedule};
use crate::checks::schedule::Rhythm;
use crate::checks::{Depth, say};
use crate::door::Door;
use crate::error::Result;

pub(super) fn run(door: &impl Door, what: ScheduleCommand, out: &Out) -> Result<Exit> {
    match what {
        ScheduleCommand::Set { name, rhythm, full, scope } => {
            let (rhythm, scope, depth) = (of(&rhythm)?, scope.into(), super::depth(full));
            let set = door.ask(SetSchedule { name, rhythm, scope, depth })?;
            out.show(&set, |page| page.table(&table(page.lang(), std::slice::from_ref(&set))));
        }
        ScheduleCommand::List => {
            let list = door.ask(ListSchedules {})?;
            out.show(&list, |page| {
                if list.schedules.is_empty() {
                    return page.say(words::SchedulesNone);
                }
                page.table(&table(page.lang(), &list.schedules));
            });
        }
        ScheduleCommand::Remove { name } => {
            let gone = door.ask(RemoveSchedule { name })?;
            out.show(&gone, |page| page.say(words::ScheduleRemoved { name: &gone.name }));
        }
    }
    Ok(Exit::Done)
}

fn of(args: &RhythmArgs) -> Result<Rhythm> {
    let text = match (&args.every, &args.at, &args.cron) {
        (Some(minutes), ..) => format!("every {minutes}"),
        (None, Some(times), _) => format!("at {times}"),
        (None, None, Some(fields)) => format!("cron {fields}"),
        (None, None, None) => String::new(),
    };
    Ok(text.parse()?)
}

fn table(lang: console::Lang, schedules: &[Scheduled]) -> Table<5> {
    let mut table = Table::new([
        Column::text(lang.say(words::ScheduleName)),
        Column::text(lang.say(words::ScheduleRhythm)),
        Column::flexible(lang.say(words::Scope)),
        Column::text(lang.say(words::ScheduleLast)),
        Column::text(lang.say(words::ScheduleNext)),
    ]);
    for Scheduled { schedule, next } in schedules {
        let rhythm = match &schedule.rhythm {
            Rhythm::Every(n) => lang.say(words::RhythmEvery { n }),
            cron @ Rhythm::Cron(_) => cron.to_string(),
            at @ Rhythm::At(_) => {
                let times = at.to_string();
                lang.say(words::RhythmAt { times: times.trim_start_matches("at ") })
            }
        };
        table.row([
            schedule.name.clone(),
            rhythm,
            say::limits(lang, &schedule.scope)
                .into_iter()
                .chain((schedule.depth == Depth::Full).then(|| lang.say(words::DepthFull)))
                .collect::<Vec<_>>()
                .join(", "),
            format::local_time(schedule.last),
            next.map(format::local_time).unwrap_or_default(),
        ]);
    }
    table
}

import type { Person } from './people.ts';
import type { TestService } from './service.ts';

/** What somebody is in a project, by what the service lets them do there: members see it, managers see why others do. */
export async function roleIn(
  service: TestService,
  project: { id: string },
  person: Person,
): Promise<'none' | 'member' | 'manager'> {
  const at = `/api/projects/${project.id}`;
  const may = async (path: string) => {
    const { status } = await service.send({ method: 'GET', path, as: person });
    if (status !== 200 && status !== 403) throw new Error(`${path} answered ${status}`);
    return status === 200;
  };
  const isMember = await may(at);
  const isManager = await may(`${at}/access/explain?user_id=${person.id}`);
  if (isManager && !isMember) throw new Error('a manager may not see the project');
  return isManager ? 'manager' : isMember ? 'member' : 'none';
}
